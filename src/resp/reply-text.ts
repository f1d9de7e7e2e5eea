/** Reads and replaces the text of a reply: a bulk string, or a verbatim string of RESP3. */
import { BULK, VERBATIM } from './protocol-bytes.js';
import { readReply } from './reply-reader.js';
import { ReplyWriter } from './reply-writer.js';

/** The name of the format before the text of a verbatim string. */
const FORMAT = 'txt:';

/** Returns the text with one character for each byte; undefined for another kind of reply, such as an error. */
export function replyText(reply: Uint8Array): string | undefined {
  const { type, isNull, texts } = readReply(reply);
  if (type === BULK && !isNull) return texts[0];
  return type === VERBATIM ? texts[0]?.slice(FORMAT.length) : undefined;
}

/** Returns a reply of the same kind, with another text. */
export function withText(reply: Uint8Array, text: string): Buffer {
  const writer = new ReplyWriter(reply[0] === VERBATIM ? 3 : 2);
  writer.verbatim(text);
  return Buffer.from(writer.take().buffer);
}
