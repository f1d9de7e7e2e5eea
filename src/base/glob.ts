/** A pattern of KEYS or SCAN MATCH as a test of names: * ? [a-z] [^a] and \ before any of them. */
export function globMatcher(pattern: string): (name: Uint8Array) => boolean {
  if (pattern === '*') return () => true;
  const expression = new RegExp(`^${regularExpression(pattern)}$`, 's');
  return (name) => expression.test(String.fromCharCode(...name));
}

function regularExpression(pattern: string): string {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '*') out += '.*';
    else if (character === '?') out += '.';
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      const inside = pattern.slice(at + 1, end < 0 ? undefined : end);
      // An empty class matches nothing, as in a server.
      out += inside === '' ? '[]' : `[${inside.replaceAll(/[\\\]]/g, '\\$&')}]`;
      at = end < 0 ? pattern.length : end;
    } else {
      if (character === '\\' && at + 1 < pattern.length) at++;
      out += pattern[at]!.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  return out;
}
