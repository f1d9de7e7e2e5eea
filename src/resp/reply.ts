import { utf8AsLatin1 } from '../base/index.js';
import type { Protocol } from './protocol-bytes.js';
import { ReplyWriter } from './reply-writer.js';

/** Reply of the lab before it is encoded; threads exchange it in this form. */
export type LabReply =
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  /** A text of more than a word: RESP3 clients receive it as a verbatim string. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bulk'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'array'; readonly elements: readonly LabReply[] }
  /** Keys and values; an array of both in RESP2. */
  | { readonly kind: 'map'; readonly entries: readonly (readonly [LabReply, LabReply])[] };

export const ok: LabReply = { kind: 'status', text: 'OK' };
export const error = (text: string): LabReply => ({ kind: 'error', text });
export const text = (content: string): LabReply => ({ kind: 'text', text: content });
export const bulk = (content: string): LabReply => ({ kind: 'bulk', text: content });
export const integer = (value: number): LabReply => ({ kind: 'integer', value });
export const array = (...elements: readonly LabReply[]): LabReply => ({ kind: 'array', elements });

/** Returns the bytes of a reply, in which texts are UTF-8. */
export function replyBytes(reply: LabReply, protocol: Protocol): Buffer {
  const writer = new ReplyWriter(protocol);
  write(reply, writer);
  return Buffer.from(writer.take().buffer);
}

function write(reply: LabReply, to: ReplyWriter): void {
  switch (reply.kind) {
    case 'status':
      to.status(utf8AsLatin1(reply.text));
      break;
    case 'error':
      to.error(utf8AsLatin1(reply.text));
      break;
    case 'integer':
      to.integer(reply.value);
      break;
    case 'text':
      to.verbatim(utf8AsLatin1(reply.text));
      break;
    case 'bulk':
      to.bulk(utf8AsLatin1(reply.text));
      break;
    case 'null':
      to.nil();
      break;
    case 'array':
      to.array(reply.elements.length);
      for (const element of reply.elements) write(element, to);
      break;
    case 'map':
      to.map(reply.entries.length);
      for (const element of reply.entries.flat()) write(element, to);
  }
}
