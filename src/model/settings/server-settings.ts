import { InputError, unknownName } from '../../base/index.js';
import { SERVERS } from '../versions/index.js';
import { REPLICAS, refusalOf, SETTING_NAMES, setSetting } from './setting-names.js';
import { Settings } from './settings.js';

/** The settings of a server at its start, as a configuration file has them. */
export interface ServerSettings {
  readonly isCluster: boolean;
  /** Names and values that CONFIG SET would take. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/**
 * Gives a server the settings that it is started with, whose names and values were checked. Throws an InputError for what
 * its build does not have.
 */
export function startWith(settings: Settings, given: ServerSettings['settings']): void {
  for (const [name, value] of given) {
    const refusal = refusalOf(settings, name, value);
    if (refusal !== undefined) {
      throw new InputError(
        `--set ${name}=${value}: ${refusal}; the distribution's build has the system's jemalloc: leave out --build, ` +
          'or choose a build of the servers’ own jemalloc',
      );
    }
    if (!setSetting(settings, name, value)) {
      throw new InputError(
        `--set ${name}=${value}: the modelled server does not have that value; choose another value or --server`,
      );
    }
  }
}

/** The setting that a running server cannot change. */
export const CLUSTER = 'cluster-enabled';

/** Parses the `name=value` texts of `--set`. */
export function parseServerSettings(texts: readonly string[]): ServerSettings {
  const tried = SERVERS.map((version) => new Settings(version));
  const settings: (readonly [string, string])[] = [];
  const given = new Set<string>();
  let isCluster = false;
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      throw new InputError(`--set ${text}: write it as name=value, for example --set maxmemory=100mb`);
    }
    const name = text.slice(0, equals).toLowerCase();
    const value = text.slice(equals + 1);
    if (given.has(name)) throw new InputError(`--set ${text}: \`${name}\` is set twice; keep one of them`);
    given.add(name);
    if (name === CLUSTER) {
      if (!/^(yes|no)$/i.test(value)) throw new InputError(`--set ${text}: say yes or no`);
      isCluster = value.toLowerCase() === 'yes';
    } else if (name !== REPLICAS && !SETTING_NAMES.has(name)) {
      throw unknownName('a setting of the server that changes its memory', name, [
        CLUSTER,
        REPLICAS,
        ...SETTING_NAMES,
      ]);
    } else if (tried.some((version) => setSetting(version, name, value))) {
      settings.push([name, value]);
    } else if (name === REPLICAS) {
      throw new InputError(`--set ${text}: say how many replicas are attached, 0 to 64`);
    } else {
      throw new InputError(`--set ${text}: CONFIG SET ${name} would not take \`${value}\`; see redis.conf`);
    }
  }
  return { isCluster, settings };
}
