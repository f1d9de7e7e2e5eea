import { InputError } from '../base/index.js';
import type { ServerBinary } from './binary.js';

/** Directive and value, as a line of the server's configuration file. */
export type Configuration = readonly string[];

/** Taken from the user's lines: who set these would break the run or its isolation. */
const OURS = [
  'port',
  'bind',
  'dir',
  'daemonize',
  'logfile',
  'pidfile',
  'unixsocket',
  'include',
  'loadmodule',
];

export function configurationOf({ version }: ServerBinary, extra: readonly string[] = []): Configuration {
  for (const line of extra) {
    const directive = line.trim().split(/\s+/, 1)[0]?.toLowerCase() ?? '';
    if (OURS.includes(directive) || /[\r\n]/.test(line)) {
      throw new InputError(`--server-config "${line}": verify sets \`${directive}\` itself; leave it out`);
    }
  }
  return [
    'bind 127.0.0.1',
    'protected-mode yes',
    'daemonize no',
    'save ""',
    'appendonly no',
    'loglevel notice',
    // Without this DEBUG POPULATE is refused from 7.0 on; before, there is no such directive.
    ...(Number.parseInt(version, 10) >= 7 ? ['enable-debug-command yes'] : []),
    ...extra,
  ];
}
