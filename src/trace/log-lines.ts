/**
 * The text format of Mozilla's logalloc, one call a line: `<pid> <tid> <function>(<arguments>)[=<result>]`.
 *
 * Pointers are hexadecimal, or `#n` in a log whose pointers were numbered. Older logs have no tid.
 */

/** A call of a log. A pointer of 0 is null. */
export interface LoggedCall {
  readonly pid: string;
  /** The thread as the log names it; the pid where it names none. */
  readonly tid: string;
  readonly name: string;
  readonly args: readonly number[];
  readonly result: number | undefined;
}

/** The functions of the format, with the arguments of each: p a pointer, n a number. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  malloc: 'n',
  calloc: 'nn',
  realloc: 'pn',
  free: 'p',
  posix_memalign: 'nn',
  aligned_alloc: 'nn',
  memalign: 'nn',
  valloc: 'n',
  jemalloc_stats: '',
};

const LINE = /^(\d+) (?:(\d+) )?(\w+)\(([^()]*)\)(?:=(.+))?$/;

/** Parses a line. Returns undefined if it is not of the format. */
export function parseLogLine(line: string): LoggedCall | undefined {
  // glibc prints a null pointer in parentheses.
  const [, pid = '', tid = pid, name = '', list = '', text] =
    LINE.exec(line.trimEnd().replaceAll('(nil)', '0x0')) ?? [];
  const kinds = FUNCTIONS[name];
  if (kinds === undefined) return undefined;
  const texts = list === '' ? [] : list.split(',');
  if (texts.length !== kinds.length) return undefined;
  const args = texts.map((one, index) => (kinds[index] === 'p' ? pointerOf(one) : numberOf(one)));
  const result = text === undefined ? undefined : pointerOf(text);
  const returns = name !== 'free' && name !== 'jemalloc_stats';
  if (args.some(Number.isNaN) || returns !== (result !== undefined) || Number.isNaN(result)) return undefined;
  return { pid, tid, name, args, result };
}

/** Numbers up to 2^64 lose their last digits, which no size below the limit of an operation has. */
function numberOf(text: string): number {
  return /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN;
}

/** Numbers of pointers are spread out, so that they look like addresses. */
const NUMBERED_BYTES = 16;

function pointerOf(text: string): number {
  const [, number] = /^#(\d{1,15})$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * NUMBERED_BYTES;
  return /^(0x)?[0-9a-fA-F]{1,13}$/.test(text) ? Number.parseInt(text, 16) : Number.NaN;
}
