/** A reader of replies that is as plain as can be, over a whole text with one character for each byte. */

/** One element of a reply. */
export interface Node {
  readonly type: string;
  readonly isNull: boolean;
  /** The content of an element without elements. */
  readonly text: string;
  readonly elements: readonly Node[];
  /** Offset after it. */
  readonly end: number;
}

export function naiveReplies(text: string): Node[] {
  const replies: Node[] = [];
  for (let at = 0; at < text.length; ) {
    const reply = naiveReply(text, at);
    replies.push(reply);
    at = reply.end;
  }
  return replies;
}

function naiveReply(text: string, from: number): Node {
  const type = text[from]!;
  const lineEnd = text.indexOf('\r\n', from);
  if (lineEnd < 0) throw new Error(`no line end after ${from}`);
  const line = text.slice(from + 1, lineEnd);
  const at = lineEnd + 2;
  if ('+-:#,('.includes(type)) return { type, isNull: false, text: line, elements: [], end: at };
  if (type === '_' || line === '-1') return { type, isNull: true, text: '', elements: [], end: at };
  const length = Number(line);
  if ('$=!'.includes(type)) {
    const content = text.slice(at, at + length);
    return { type, isNull: false, text: content, elements: [], end: at + length + 2 };
  }
  const elements: Node[] = [];
  let end = at;
  for (let left = '%|'.includes(type) ? 2 * length : length; left > 0; left--) {
    const element = naiveReply(text, end);
    elements.push(element);
    end = element.end;
  }
  // An attribute is no element, but precedes one.
  if (type === '|') return naiveReply(text, end);
  return { type, isNull: false, text: '', elements, end };
}

/** Returns the texts in a reply, in order; a null array has none. */
export function textsIn({ type, isNull, text, elements }: Node): string[] {
  if ('*~%>'.includes(type)) return isNull ? [] : elements.flatMap(textsIn);
  return [text];
}

export function errorsIn(node: Node): string[] {
  return '-!'.includes(node.type) ? [node.text] : node.elements.flatMap(errorsIn);
}
