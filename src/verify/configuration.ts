import { InputError } from '../base/index.js';
import type { ServerBinary } from './server-binary.js';

/** Lines of the server's configuration file, each a directive and its value. */
export type Configuration = readonly string[];

/** Directives that users may not set, since that would break the run or its isolation. */
const RESERVED = [
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
    if (RESERVED.includes(directive) || /[\r\n]/.test(line)) {
      throw new InputError(`--server-config "${line}": verify sets \`${directive}\` itself; remove the line`);
    }
  }
  return [
    'bind 127.0.0.1',
    'protected-mode yes',
    'daemonize no',
    'save ""',
    'appendonly no',
    'loglevel notice',
    // SLOWLOG copies the arguments of what a busy machine delays, which the traffic does not ask for.
    'slowlog-log-slower-than -1',
    // Servers since 7.0 refuse DEBUG POPULATE without this directive; older ones do not know it.
    ...(Number.parseInt(version, 10) >= 7 ? ['enable-debug-command yes'] : []),
    ...extra,
  ];
}
