import { InputError, unknownName } from '../../base/index.js';
import { SERVERS } from '../versions/index.js';
import {
  isWithoutMemory,
  REPLICAS,
  refusalOf,
  SETTING_CHOICES,
  SETTING_NAMES,
  setSetting,
} from './setting-names.js';
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
  const settings: (readonly [string, string])[] = [];
  const given = new Set<string>();
  let isCluster = false;
  for (const text of texts) {
    const [name, value] = parseSetting(text, `--set ${text}`);
    if (given.has(name)) throw new InputError(`--set ${text}: \`${name}\` is set twice; keep one of them`);
    given.add(name);
    if (name === CLUSTER) isCluster = value.toLowerCase() === 'yes';
    else settings.push([name, value]);
  }
  return { isCluster, settings };
}

/** Parses a setting, `name=value`, whose value some version takes. Errors begin with `place`, if it is given. */
export function parseSetting(text: string, place?: string): readonly [name: string, value: string] {
  const refuse = (why: string) => new InputError(place === undefined ? why : `${place}: ${why}`);
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw refuse(`write it as name=value, for example maxmemory=100mb`);
  }
  const name = text.slice(0, equals).trim().toLowerCase();
  const value = text.slice(equals + 1).trim();
  if (![CLUSTER, REPLICAS].includes(name) && !SETTING_NAMES.has(name)) {
    throw refuse(whyNot(name));
  }
  const isTaken =
    name === CLUSTER
      ? /^(yes|no)$/i.test(value)
      : SERVERS.some((version) => setSetting(new Settings(version), name, value));
  if (!isTaken) throw refuse(whyNotValue(name, value));
  return [name, value];
}

/** Says why a setting is not taken here. */
function whyNot(name: string): string {
  if (name === 'jemalloc-bg-thread') {
    return (
      'background threads of jemalloc do not exist in the lab, which purges as the server allocates and frees; ' +
      'what they give back while it rests, slablab whatif --then purge shows'
    );
  }
  if (isWithoutMemory(name))
    return `\`${name}\` changes none of the memory that the lab models; leave it out`;
  const known = [CLUSTER, REPLICAS, ...SETTING_NAMES];
  return unknownName('a setting of the server that changes its memory', name, known).message;
}

function whyNotValue(name: string, value: string): string {
  if (name === REPLICAS) return 'say how many replicas are attached, 0 to 64';
  const choices = name === CLUSTER ? ['yes', 'no'] : SETTING_CHOICES.get(name);
  if (choices !== undefined) return unknownName(`a value of \`${name}\``, value, choices).message;
  return `CONFIG SET ${name} would not take \`${value}\`; see redis.conf`;
}
