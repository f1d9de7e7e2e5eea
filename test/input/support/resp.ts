/** Returns the bytes of a text with one byte per character. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Returns a command as multibulk RESP. */
export function resp(...args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}
