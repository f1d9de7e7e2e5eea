/** The deepest nesting that is read. No file of the product is nested by more than a dozen. */
const MAX_NESTING = 200;

/** Parses JSON. Throws a SyntaxError, also for a nesting that would exhaust the stack of those who walk it. */
export function parsedJson(text: string): unknown {
  const at = tooDeepAt(text);
  if (at >= 0) throw new SyntaxError(`nested deeper than ${MAX_NESTING} at position ${at}`);
  return JSON.parse(text);
}

/** Returns the offset of the first bracket that is nested too deep, or -1. */
export function tooDeepAt(text: string): number {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth++;
      if (depth > MAX_NESTING) return at;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
  }
  return -1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
