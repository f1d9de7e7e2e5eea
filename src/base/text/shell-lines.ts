import { wrap } from './wrap.js';

/** Breaks a command into lines of at most this width with the shell's line continuations, so that it can be copied. */
export function shellLines(command: string, width: number): string[] {
  if (command.length <= width) return [command];
  // An option and its value stay together.
  const unbroken = command.replaceAll(/(--\S+) (?!--)/g, '$1\u00a0');
  const lines = wrap(unbroken, width - ' \\'.length - INDENT.length).map((line) =>
    line.replaceAll('\u00a0', ' '),
  );
  return lines.map(
    (line, index) => (index === 0 ? '' : INDENT) + line + (index < lines.length - 1 ? ' \\' : ''),
  );
}

const INDENT = '  ';
