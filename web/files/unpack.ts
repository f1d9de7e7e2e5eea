/** Unpacks files that are compressed by gzip, which the browser does by itself. */
import { InputError } from '../../src/base/index.js';
import type { GivenFile } from '../lab/service.js';
import type { Messages } from '../messages.js';

const MAGIC = [0x1f, 0x8b];

/** Returns a file as it is, or what is packed in it, without the ending of its name. */
export async function unpacked(given: GivenFile, messages: Messages): Promise<GivenFile> {
  const { path, file } = given;
  const head = new Uint8Array(await file.slice(0, MAGIC.length).arrayBuffer());
  if (!MAGIC.every((byte, at) => head[at] === byte)) return given;
  const name = path.replace(/\.gz$/i, '');
  try {
    const stream = file.stream().pipeThrough(new DecompressionStream('gzip'));
    const blob = await new Response(stream).blob();
    messages.note(`${path} is compressed by gzip: ${name} in it is read`);
    return { path: name, file: new File([blob], name) };
  } catch (error) {
    throw new InputError(
      `${path}: cannot be unpacked (${(error as Error).message}): it is cut short or damaged; unpack it by gunzip, and give what that leaves`,
    );
  }
}
