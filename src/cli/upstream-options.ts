import type { Command } from 'commander';
import { parseUpstream, type Upstream } from '../serve/node.js';

/** The options of commands that connect to a real server. */
export interface UpstreamCommandOptions {
  readonly upstreamPasswordFile?: string;
  readonly upstreamCa?: string;
  readonly upstreamCert?: string;
  readonly upstreamKey?: string;
}

export function addUpstreamOptions(command: Command): Command {
  return command
    .option(
      '--upstream-password-file <file>',
      'File whose first line is the password for the real server (alternative: SLABLAB_UPSTREAM_PASSWORD)',
    )
    .option('--upstream-ca <file>', 'Certificate of the authority that signed that of the real server (PEM)')
    .option('--upstream-cert <file>', 'Certificate to show to the real server (PEM)')
    .option('--upstream-key <file>', 'Key of that certificate (PEM)');
}

/** Reads the URL of a server that `option` gave. */
export function upstreamOf(option: string, url: string, options: UpstreamCommandOptions): Upstream {
  return parseUpstream(
    option,
    url,
    {
      passwordFile: options.upstreamPasswordFile,
      caFile: options.upstreamCa,
      certFile: options.upstreamCert,
      keyFile: options.upstreamKey,
    },
    process.env,
  );
}
