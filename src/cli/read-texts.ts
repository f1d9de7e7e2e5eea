import { createReadStream } from 'node:fs';
import type { NamedText } from '../analysis/index.js';
import { InputError } from '../base/index.js';
import { withInputError } from './blaming.js';

const STDIN = '-';
/** What servers say of their memory is tens of KiB; whatever is longer than this is something else. */
const LONGEST_BYTES = 16 * 1024 * 1024;

/** The parts of process.stdin that matter here. */
interface Input extends AsyncIterable<unknown> {
  readonly isTTY?: boolean;
}

/** The files, or standard input. Nobody is left before a prompt that waits in silence. */
export async function readTexts(
  files: readonly string[],
  stdin: Input = process.stdin,
): Promise<NamedText[]> {
  if (files.length === 0 && stdin.isTTY === true) {
    throw new InputError(
      'no file is named and nothing is piped; try `redis-cli INFO memory | slablab explain`, name files, or ' +
        'paste into `slablab explain -`',
    );
  }
  const names = files.length === 0 ? [STDIN] : files;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`${twice}: named twice; name each text once`);
  const texts: NamedText[] = [];
  for (const name of names) texts.push(await readText(name, stdin));
  return texts;
}

async function readText(file: string, stdin: Input): Promise<NamedText> {
  const name = file === STDIN ? 'standard input' : file;
  const text = await withInputError(name, 'name a text file that can be read', async () => {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of file === STDIN ? stdin : createReadStream(file)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > LONGEST_BYTES) {
        throw new InputError(
          `${name}: longer than ${LONGEST_BYTES / 1024 / 1024} MiB; INFO and MEMORY MALLOC-STATS are some KiB`,
        );
      }
    }
    return Buffer.concat(chunks).toString('utf8');
  });
  return { name, text };
}
