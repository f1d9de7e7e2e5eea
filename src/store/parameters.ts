import { NOT_A_SETTING_VALUE, type SettingChange, settingFailed } from '../commands/index.js';
import { SETTING_NAMES, type Settings, setSetting, settingText } from '../model/index.js';
import { ReplyError } from './reply-error.js';

/** Parameters that clients ask CONFIG GET for and the model does not use, with the server's defaults. */
const DEFAULTS: Readonly<Record<string, string>> = {
  appendfsync: 'everysec',
  appendonly: 'no',
  bind: '127.0.0.1',
  'client-output-buffer-limit': 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
  'cluster-enabled': 'no',
  dbfilename: 'dump.rdb',
  'io-threads': '1',
  'latency-monitor-threshold': '0',
  logfile: '',
  loglevel: 'notice',
  maxclients: '10000',
  'min-replicas-to-write': '0',
  'notify-keyspace-events': '',
  'proto-max-bulk-len': '536870912',
  'replica-read-only': 'yes',
  save: '',
  'slowlog-log-slower-than': '10000',
  'slowlog-max-len': '128',
  'tcp-backlog': '511',
  'tcp-keepalive': '300',
  timeout: '0',
};

const IMMUTABLE = new Set(['bind', 'cluster-enabled', 'databases', 'io-threads', 'port', 'tcp-backlog']);

/** Keeps the configuration as text: the model's settings, and parameters that have no effect. */
export class Parameters {
  readonly #others = new Map<string, string>(Object.entries(DEFAULTS));
  readonly #settings: Settings;

  constructor(
    settings: Settings,
    { databases, port }: { readonly databases: number; readonly port: number },
  ) {
    this.#settings = settings;
    this.#others.set('databases', `${databases}`);
    this.#others.set('port', `${port}`);
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
        throw new ReplyError(`ERR Unknown option or number of arguments for CONFIG SET - '${given}'`);
      }
      if (IMMUTABLE.has(name)) throw new ReplyError(settingFailed(name, "can't set immutable config"));
    }
    const before: SettingChange[] = [];
    for (const { name, given, value } of changes) {
      const old = this.get(name) ?? '';
      const problem = this.#setOne(name, value);
      if (problem !== undefined) {
        for (const changed of before) this.#setOne(changed.name, changed.value);
        throw new ReplyError(settingFailed(name, problem));
      }
      before.push({ name, given, value: old });
    }
  }

  #setOne(name: string, text: string): string | undefined {
    if (!SETTING_NAMES.has(name)) this.#others.set(name, text);
    else if (!setSetting(this.#settings, name, text)) return NOT_A_SETTING_VALUE;
    return undefined;
  }
}
