/** Reads a recording beside the page on its host: a complete one, or one of a run in progress. */
import { InputError } from '../../src/base/index.js';
import { readParts } from '../../src/recording/index.js';
import type { Messages } from '../messages.js';
import { RecordingBuilder } from '../recording-builder.js';
import type { Shown } from '../recordings.js';
import { bytesOf } from './bytes.js';
import { MAX_BYTES, tellThinning } from './recording-file.js';

/** Names in the page's own directory, so that no link makes the page fetch elsewhere. */
const NAME = /^[^/\\]+\.slabs$/;

export async function readOpened(
  name: string,
  messages: Messages,
  put: (shown: Shown) => void,
): Promise<void> {
  if (!NAME.test(name)) {
    throw new InputError(`open=${name}: must be the name of a recording (.slabs) beside this page`);
  }
  const { body } = await responseFor(name);
  if (body === null) throw notServed(name, 'sends nothing');
  const growing = new RecordingBuilder(name, put, () => {}, MAX_BYTES);
  let result = null;
  let isThin = false;
  try {
    const parts = readParts(unbroken(body, name), {
      name,
      maxBytes: MAX_BYTES,
      isLimitPerFrame: true,
    });
    for await (const part of parts) {
      if (part.kind === 'header') growing.begin(part.about, part.info);
      else if (part.kind === 'frame') {
        growing.frame(part.frame);
        if (!isThin && growing.isThinned) tellThinning(name, messages);
        isThin = growing.isThinned;
      } else result = part.result;
    }
  } finally {
    growing.end(result);
  }
}

/** Returns the text of a file of the page's host. */
export async function fetched(name: string): Promise<string> {
  return (await responseFor(name)).text();
}

/** Returns the view in one file, which lies beside the page and is kept for visits without a network. */
export async function singlePage(): Promise<string> {
  const response = await fetch('./single.html').catch(() => undefined);
  if (response?.ok === true) return response.text();
  throw new InputError(
    'single.html is not beside this page on its host: copy all files of dist/web there, or save the recording (.slabs)',
  );
}

async function responseFor(name: string): Promise<Response> {
  const response = await fetch(encodeURIComponent(name)).catch(() => undefined);
  if (response?.ok === true) return response;
  throw notServed(name, response === undefined ? 'does not answer' : `answers ${response.status}`);
}

function notServed(name: string, answer: string): InputError {
  return new InputError(
    `${name}: the page's host ${answer}; \`slablab web ${name}\` serves the page with it`,
  );
}

async function* unbroken(stream: ReadableStream<Uint8Array>, name: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* bytesOf(stream);
  } catch (error) {
    // Browsers throw a TypeError if a connection ends early.
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(
      `${name}: the page's host broke off: it was ended, or what it records was. What came until then stays here`,
    );
  }
}
