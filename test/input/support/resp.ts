/** Text with one byte per character, as all of these tests write bytes. */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** A command as multibulk RESP. */
export function resp(...args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}
