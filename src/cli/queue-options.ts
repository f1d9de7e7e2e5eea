import type { Command } from 'commander';
import { checkPrefix, type QueuePlace } from '../queue/node.js';
import { parseUpstream } from '../serve/node.js';

/** The options of commands that use a queue. */
export interface QueueOptions {
  readonly queuePrefix: string;
  readonly queuePasswordFile?: string;
  readonly queueCa?: string;
  readonly queueCert?: string;
  readonly queueKey?: string;
}

/** The options of commands that run cells here or on a queue. */
export interface QueueChoice extends QueueOptions {
  readonly queue?: string;
}

/** Adds `--queue`, which says what `work` runs on the workers of a queue, and the options of its server. */
export function addQueueChoice(command: Command, work: string): Command {
  const meaning = `Run the ${work} on the workers of a queue on this Redis or Valkey server (see \`slablab worker --help\`)`;
  return addQueueOptions(command.option('--queue <url>', meaning));
}

export function addQueueOptions(command: Command): Command {
  return command
    .option('--queue-prefix <name>', 'Prefix of all keys on the server of the queue', 'slab')
    .option(
      '--queue-password-file <file>',
      'File whose first line is the password for that server (alternative: SLABLAB_QUEUE_PASSWORD)',
    )
    .option('--queue-ca <file>', 'Certificate of the authority that signed that of the server (PEM)')
    .option('--queue-cert <file>', 'Certificate to show to the server (PEM)')
    .option('--queue-key <file>', 'Key of that certificate (PEM)');
}

/** Returns the place of the queue whose URL `option` gave. */
export function queuePlaceOf(option: string, url: string, options: QueueOptions): QueuePlace {
  checkPrefix(options.queuePrefix);
  const files = {
    passwordFile: options.queuePasswordFile,
    caFile: options.queueCa,
    certFile: options.queueCert,
    keyFile: options.queueKey,
  };
  const names = { prefix: '--queue', passwordVariable: 'SLABLAB_QUEUE_PASSWORD' };
  return { server: parseUpstream(option, url, files, process.env, names), prefix: options.queuePrefix };
}
