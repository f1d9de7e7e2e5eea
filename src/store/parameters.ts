import { isIntegerText, latin1Bytes } from '../base/index.js';
import { echoed, NOT_A_SETTING_VALUE, type SettingChange, settingFailed } from '../commands/index.js';
import { refusalOf, SETTING_NAMES, type Settings, setSetting, settingText } from '../model/index.js';
import { PARAMETER_DEFAULTS, SETTABLE } from './parameter-defaults.js';
import { notSupported, ReplyError } from './reply-error.js';

const IMMUTABLE = new Set(['cluster-enabled', 'daemonize', 'databases', 'io-threads', 'tcp-backlog']);

/** Keeps the configuration as text: the model's settings, and parameters that have no effect. */
export class Parameters {
  readonly #others = new Map<string, string>(Object.entries(PARAMETER_DEFAULTS));
  readonly #settings: Settings;

  constructor(
    settings: Settings,
    { databases, port, isCluster }: { databases: number; port: number; isCluster: boolean },
  ) {
    this.#settings = settings;
    this.#others.set('databases', `${databases}`);
    this.#others.set('port', `${port}`);
    if (isCluster) this.#others.set('cluster-enabled', 'yes');
  }

  names(): string[] {
    return [...SETTING_NAMES, ...this.#others.keys()];
  }

  get(name: string): string | undefined {
    return settingText(this.#settings, name) ?? this.#others.get(name);
  }

  /** Carries out CONFIG SET of several parameters at once: all of them, or none. */
  set(changes: readonly SettingChange[]): void {
    for (const { name, given } of changes) {
      if (this.get(name) === undefined) {
        throw new ReplyError(`ERR Unknown option or number of arguments for CONFIG SET - '${echoed(given)}'`);
      }
      if (IMMUTABLE.has(name)) throw new ReplyError(settingFailed(name, "can't set immutable config"));
    }
    const before: SettingChange[] = [];
    try {
      for (const { name, given, value } of changes) {
        const old = this.get(name) ?? '';
        const problem = this.#setOne(name, value);
        if (problem !== undefined) throw new ReplyError(settingFailed(name, problem));
        before.push({ name, given, value: old });
      }
    } catch (cause) {
      for (const changed of before) this.#setOne(changed.name, changed.value);
      throw cause;
    }
  }

  #setOne(name: string, text: string): string | undefined {
    if (SETTING_NAMES.has(name)) {
      if (setSetting(this.#settings, name, text)) return undefined;
      // The model's lists are not compressed.
      if (name === 'list-compress-depth' && isIntegerText(latin1Bytes(text), 0, text.length))
        throw unsupportedValue(name, text);
      return refusalOf(this.#settings, name, text) ?? NOT_A_SETTING_VALUE;
    }
    if (text !== this.#others.get(name) && SETTABLE[name]?.test(text) !== true)
      throw unsupportedValue(name, text);
    this.#others.set(name, text);
    return undefined;
  }
}

function unsupportedValue(name: string, text: string): ReplyError {
  return notSupported(`CONFIG SET ${name} ${text}`);
}
