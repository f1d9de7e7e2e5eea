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

export type Protocol = 2 | 3;

export function replyBytes(reply: LabReply, protocol: Protocol): Buffer {
  return Buffer.from(encoded(reply, protocol));
}

function encoded(reply: LabReply, protocol: Protocol): string {
  switch (reply.kind) {
    case 'status':
      return `+${oneLine(reply.text)}\r\n`;
    case 'error':
      return `-${oneLine(reply.text)}\r\n`;
    case 'integer':
      return `:${reply.value}\r\n`;
    case 'text':
      return protocol === 3 ? verbatim(reply.text) : bulkOf(reply.text);
    case 'bulk':
      return bulkOf(reply.text);
    case 'null':
      return protocol === 3 ? '_\r\n' : '$-1\r\n';
    case 'array':
      return `*${reply.elements.length}\r\n${reply.elements.map((element) => encoded(element, protocol)).join('')}`;
    case 'map': {
      const head = protocol === 3 ? `%${reply.entries.length}` : `*${2 * reply.entries.length}`;
      const parts = reply.entries.flat().map((element) => encoded(element, protocol));
      return `${head}\r\n${parts.join('')}`;
    }
  }
}

function bulkOf(content: string): string {
  return `$${Buffer.byteLength(content)}\r\n${content}\r\n`;
}

function verbatim(content: string): string {
  return `=${Buffer.byteLength(content) + 4}\r\ntxt:${content}\r\n`;
}

/** Replaces line ends, because one inside would end the reply. */
function oneLine(content: string): string {
  return content.replace(/[\r\n]+/g, ' ');
}
