/** Reads and replaces the text of a reply: a bulk string, or a verbatim string of RESP3. */

/** Returns the text with one character for each byte; undefined for another kind of reply, such as an error. */
export function replyText(reply: Buffer): string | undefined {
  const line = reply.indexOf('\r\n');
  const type = reply[0];
  if (line < 0 || (type !== 0x24 && type !== 0x3d)) return undefined;
  const length = Number(reply.toString('latin1', 1, line));
  if (!(length >= 0)) return undefined;
  const content = reply.toString('latin1', line + 2, line + 2 + length);
  return type === 0x3d ? content.slice(4) : content;
}

/** Returns a reply of the same kind, with another text. */
export function withText(reply: Buffer, text: string): Buffer {
  const content = reply[0] === 0x3d ? `txt:${text}` : text;
  return Buffer.from(`${String.fromCharCode(reply[0]!)}${content.length}\r\n${content}\r\n`, 'latin1');
}
