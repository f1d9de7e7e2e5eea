import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TemporaryDirectory } from '../output/node.js';
import type { Subject } from '../run/index.js';
import { opsSubject } from '../run/node.js';
import { convertLog } from '../trace/node.js';
import { printMessage } from './output.js';
import { countNotes } from './record-notes.js';

/** Returns the subject of a log of logalloc, whose operations are in a file that ends with this process. */
export async function logSubject(log: string, quiet: boolean): Promise<Subject> {
  const directory = await TemporaryDirectory.make('slablab-log-');
  process.once('exit', () => rmSync(directory.path, { recursive: true, force: true }));
  const at = join(directory.path, `${basename(log)}.ops`);
  const { counts, problems } = await convertLog(log, at);
  if (!quiet) for (const note of [...countNotes(counts), ...problems]) printMessage(note);
  return { ...(await opsSubject(at)), path: log, at } as Subject;
}
