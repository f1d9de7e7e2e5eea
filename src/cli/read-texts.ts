import { createReadStream } from 'node:fs';
import type { NamedText } from '../analysis/index.js';
import { InputError } from '../base/index.js';
import { STDIN } from '../stream/node.js';
import { isServerUrl } from './addresses.js';
import { decodeText, MAX_TEXT_BYTES, tooLong } from './decode-text.js';
import { askServer } from './server-texts.js';
import { withInputError } from './system-errors.js';
import { type UpstreamCommandOptions, upstreamOf } from './upstream-options.js';

/** The part of process.stdin that is used here. */
interface Input extends AsyncIterable<unknown> {
  readonly isTTY?: boolean;
}

/** Reads the files and servers, or standard input if there are none. Refuses a terminal that is not asked for by `-`. */
export async function readTexts(
  files: readonly string[],
  options: UpstreamCommandOptions,
  stdin: Input = process.stdin,
): Promise<NamedText[]> {
  if (files.length === 0 && stdin.isTTY === true) {
    throw new InputError(
      'there is neither a file nor a pipe to read; try `redis-cli INFO memory | slablab explain`, name files, or ' +
        'paste into `slablab explain -`',
    );
  }
  const names = files.length === 0 ? [STDIN] : files;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InputError(`${twice}: named twice; name each file once`);
  const texts: NamedText[] = [];
  for (const name of names) {
    const isServer = isServerUrl(name);
    texts.push(
      isServer ? await askServer(upstreamOf('explain', name, options)) : await readText(name, stdin),
    );
  }
  return texts;
}

async function readText(file: string, stdin: Input): Promise<NamedText> {
  const name = file === STDIN ? 'standard input' : file;
  const text = await withInputError(name, 'name a readable text file', async () => {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of file === STDIN ? stdin : createReadStream(file)) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > MAX_TEXT_BYTES) {
        throw new InputError(tooLong(name));
      }
    }
    return decodeText(name, Buffer.concat(chunks));
  });
  return { name, text };
}
