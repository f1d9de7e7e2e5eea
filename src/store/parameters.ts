import { isIntegerText, latin1Bytes } from '../base/index.js';
import { echoed, NOT_A_SETTING_VALUE, type SettingChange, settingFailed } from '../commands/index.js';
import {
  refusalOf,
  SETTING_NAMES,
  type ServerVersion,
  type Settings,
  setSetting,
  settingText,
} from '../model/index.js';
import { canonicalClasses, INVALID_CLASS } from './keyspace-events.js';
import { parameterDefaults, SETTABLE } from './parameter-defaults.js';
import { notSupported, ReplyError } from './reply-error.js';

const IMMUTABLE = new Set(['cluster-enabled', 'daemonize', 'databases', 'io-threads', 'tcp-backlog']);

/** Keeps the configuration as text: the model's settings, and parameters that have no effect. */
export class Parameters {
  readonly #others = new Map<string, string>();
  readonly #hidden = new Set<string>();
  readonly #settings: Settings;
  readonly #version: ServerVersion;

  constructor(
    settings: Settings,
    {
      version,
      databases,
      port,
      isCluster,
    }: { version: ServerVersion; databases: number; port: number; isCluster: boolean },
  ) {
    this.#settings = settings;
    this.#version = version;
    for (const [name, { value, isHidden }] of parameterDefaults(version)) {
      this.#others.set(name, value);
      if (isHidden) this.#hidden.add(name);
    }
    this.#others.set('databases', `${databases}`);
    this.#others.set('port', `${port}`);
    if (isCluster) this.#others.set('cluster-enabled', 'yes');
  }

  /** Returns the names that a pattern may match. */
  names(): string[] {
    return [...this.#others.keys()].filter((name) => !this.#hidden.has(name));
  }

  get(name: string): string | undefined {
    const text = this.#others.get(name);
    return text === undefined ? undefined : (settingText(this.#settings, name) ?? text);
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
    if (name === 'notify-keyspace-events') {
      const classes = canonicalClasses(text, this.#version);
      if (classes === undefined) return INVALID_CLASS;
      this.#others.set(name, classes);
      return undefined;
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
