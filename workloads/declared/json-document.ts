/** JSON that people write, with the line that each value stands in. */
import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { InputError, tooDeepAt } from '../../src/base/index.js';

export interface JsonDocument {
  /** Name of the document in messages. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
  readonly root: Node;
}

/** A name that stands twice in an object, of which JSON.parse would drop one, is refused. */
export function readJson(name: string, text: string): JsonDocument {
  const deepAt = tooDeepAt(text);
  if (deepAt >= 0) {
    throw new InputError(
      `${name}: line ${lineAt(text, deepAt)}: brackets are nested too deep; nest fewer of them`,
    );
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const line = lineAt(text, errors[0]?.offset ?? text.length);
    // The engine quotes the text, with its line ends.
    const why = (error as SyntaxError).message.replaceAll(/\s+/g, ' ');
    throw new InputError(`${name}: line ${line}: not JSON: ${why}`);
  }
  if (root === undefined) throw new InputError(`${name}: line 1: not JSON: there is no value`);
  refuseTwins({ name, text, value, root }, root);
  return { name, text, value, root };
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function refuseTwins(document: JsonDocument, node: Node): void {
  const seen = new Map<unknown, Node>();
  for (const child of node.children ?? []) {
    if (child.type === 'property') {
      const [key] = child.children ?? [];
      const twin = seen.get(key?.value);
      if (twin !== undefined) {
        const [line, before] = [child, twin].map(({ offset }) => lineAt(document.text, offset));
        throw new InputError(
          `${document.name}: line ${line}: \`${key?.value}\` is there twice, first in line ${before}; keep one of them`,
        );
      }
      seen.set(key?.value, child);
    }
    refuseTwins(document, child);
  }
}
