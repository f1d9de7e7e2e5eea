import { isIn } from '../commands/index.js';
import type { ServerVersion } from '../model/index.js';
import { PARAMETER_RANGES } from './parameter-ranges.js';

export interface ParameterDefault {
  readonly value: string;
  /** Whether CONFIG GET has it only by its exact name. */
  readonly isHidden: boolean;
}

/** Returns the parameters of a version by name, as a server of it has them after the start. */
export function parameterDefaults(version: ServerVersion): ReadonlyMap<string, ParameterDefault> {
  const defaults = new Map<string, ParameterDefault>();
  for (const { since, until, isHidden = false, defaults: values } of PARAMETER_RANGES) {
    if (!isIn(version, since) || (until !== undefined && isIn(version, until))) continue;
    for (const [name, value] of Object.entries(values)) defaults.set(name, { value, isHidden });
  }
  return defaults;
}

const SWITCH = /^(?:yes|no)$/i;
const COUNT = /^\d{1,9}$/;

/** Values that have no effect on what the store does, so that they can be set. */
export const SETTABLE: Readonly<Record<string, RegExp>> = {
  appendfsync: /^(?:always|everysec|no)$/i,
  'auto-aof-rewrite-percentage': COUNT,
  'busy-reply-threshold': COUNT,
  'crash-log-enabled': SWITCH,
  'latency-monitor-threshold': /^0$/,
  loglevel: /^(?:debug|verbose|notice|warning)$/i,
  'lua-time-limit': COUNT,
  'rdb-save-incremental-fsync': SWITCH,
  rdbchecksum: SWITCH,
  rdbcompression: SWITCH,
  'repl-diskless-sync': SWITCH,
  'repl-diskless-sync-delay': COUNT,
  'repl-ping-replica-period': COUNT,
  'repl-timeout': COUNT,
  'sanitize-dump-payload': /^(?:yes|no|clients)$/i,
  save: /^$/,
  'slowlog-log-slower-than': /^(?:-1|\d{1,15})$/,
  'slowlog-max-len': COUNT,
  'stop-writes-on-bgsave-error': SWITCH,
  'tcp-keepalive': COUNT,
};
