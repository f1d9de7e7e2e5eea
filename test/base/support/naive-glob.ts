/** A pattern as a list of elements: a star, or the set of bytes that one byte of the name must be in. */
type Element = '*' | ReadonlySet<number>;

/** Whether a name matches a pattern, by trying every length of every star. */
export function naiveMatch(pattern: Uint8Array, name: Uint8Array, ignoresCase = false): boolean {
  if (name.length === 0) return pattern.length === 0 || Buffer.from(pattern).toString() === '*';
  const elements = elementsOf([...pattern], ignoresCase);
  const known = new Map<number, boolean>();
  const matches = (element: number, at: number): boolean => {
    const place = element * (name.length + 1) + at;
    const before = known.get(place);
    if (before !== undefined) return before;
    const found = matchesFrom(element, at);
    known.set(place, found);
    return found;
  };
  const matchesFrom = (index: number, at: number): boolean => {
    const element = elements[index];
    if (element === undefined) return at === name.length;
    if (element !== '*') return at < name.length && element.has(name[at]!) && matches(index + 1, at + 1);
    for (let end = at; end <= name.length; end++) if (matches(index + 1, end)) return true;
    return false;
  };
  return matches(0, 0);
}

function elementsOf(pattern: readonly number[], ignoresCase: boolean): Element[] {
  const elements: Element[] = [];
  const rest = pattern.map((byte) => String.fromCharCode(byte));
  while (rest.length > 0) {
    const first = rest.shift()!;
    if (first === '*') elements.push('*');
    else if (first === '?') elements.push(bytesWhere(() => true));
    else if (first === '[') elements.push(classOf(rest, ignoresCase));
    else {
      const literal = first === '\\' ? (rest.shift() ?? first) : first;
      elements.push(bytesWhere((byte) => same(byte, literal, ignoresCase)));
    }
  }
  return elements;
}

/** Takes the rest of a class off the pattern. */
function classOf(rest: string[], ignoresCase: boolean): Element {
  const isNegated = rest[0] === '^';
  if (isNegated) rest.shift();
  const members: ((byte: string) => boolean)[] = [];
  while (rest.length > 0 && rest[0] !== ']') {
    const first = rest.shift()!;
    if (first === '\\' && rest.length > 0) {
      const escaped = rest.shift()!;
      members.push((byte) => byte === escaped);
    } else if (rest[0] === '-' && rest.length > 1) {
      rest.shift();
      const [low, high] = [first, rest.shift()!].sort((a, b) => signed(a) - signed(b)) as [string, string];
      const folded = (byte: string) => (ignoresCase ? foldedValue(byte) : signed(byte));
      members.push((byte) => folded(low) <= folded(byte) && folded(byte) <= folded(high));
    } else members.push((byte) => same(byte, first, ignoresCase));
  }
  rest.shift();
  return bytesWhere((byte) => members.some((has) => has(byte)) !== isNegated);
}

function bytesWhere(test: (byte: string) => boolean): ReadonlySet<number> {
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  return new Set(all.filter((byte) => test(String.fromCharCode(byte))));
}

function same(left: string, right: string, ignoresCase: boolean): boolean {
  return ignoresCase ? lower(left) === lower(right) : left === right;
}

function lower(byte: string): string {
  return byte >= 'A' && byte <= 'Z' ? byte.toLowerCase() : byte;
}

function signed(byte: string): number {
  const value = byte.charCodeAt(0);
  return value < 0x80 ? value : value - 0x100;
}

/** The value of a folded byte: glibc's `tolower` drops the sign, but for the byte that is the end of a file. */
function foldedValue(byte: string): number {
  return byte === '\xff' ? -1 : lower(byte).charCodeAt(0);
}
