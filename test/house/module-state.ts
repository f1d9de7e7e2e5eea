/** State at module level: variables and objects that functions change, which all servers of a process would share. */
import { parseSync } from 'vite';

const MUTATORS = new Set(
  'add clear copyWithin delete fill pop push reverse set shift sort splice unshift'.split(' '),
);
/** Objects of other classes are taken for mutable. */
const COLLECTIONS =
  /^(Map|Set|WeakMap|WeakSet|Array|Float64Array|Uint(8|16|32)Array|Int(8|16|32)Array|RegExp|Text(En|De)coder)$/;

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Returns the names of the state at module level in a source. */
export function moduleState(path: string, source: string): string[] {
  const body = (parseSync(path, source).program as unknown as { readonly body: readonly Node[] }).body;
  const state: string[] = [];
  const constants = new Set<string>();
  for (const statement of body) {
    const declaration = (statement.declaration ?? statement) as Node;
    if (declaration.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations as readonly { id: Node; init: Node | null }[]) {
      const name = id.name as string;
      const made = init?.type === 'NewExpression' ? ((init.callee as Node).name as string) : undefined;
      if (declaration.kind !== 'const' || (made !== undefined && !COLLECTIONS.test(made))) state.push(name);
      else constants.add(name);
    }
  }
  const changed = new Set<string>();
  for (const node of functionsIn(body)) noteChanges(node, constants, changed);
  return [...state, ...changed];
}

function* functionsIn(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const one of node) yield* functionsIn(one);
  else if (isNode(node)) {
    if (/Function/.test(node.type)) yield node;
    else yield* functionsIn(Object.values(node));
  }
}

function noteChanges(node: unknown, names: ReadonlySet<string>, changed: Set<string>): void {
  if (Array.isArray(node)) for (const one of node) noteChanges(one, names, changed);
  if (!isNode(node)) return;
  const callee = node.callee as Node | undefined;
  const target =
    node.type === 'AssignmentExpression'
      ? node.left
      : node.type === 'UpdateExpression'
        ? node.argument
        : node.type === 'CallExpression' && MUTATORS.has(((callee?.property as Node)?.name as string) ?? '')
          ? callee
          : undefined;
  const object = isNode(target) && target.type === 'MemberExpression' ? (target.object as Node) : undefined;
  if (object?.type === 'Identifier' && names.has(object.name as string)) changed.add(object.name as string);
  noteChanges(Object.values(node), names, changed);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}
