/** Makes docs/library-reference.md of the package's declarations: each export with its comment and its declaration. */
import { parseSync } from 'vite';

interface Declaration {
  readonly kind: 'Functions' | 'Classes' | 'Constants' | 'Types';
  readonly name: string;
  readonly comment: string;
  readonly code: string;
}

const KINDS = ['Functions', 'Classes', 'Constants', 'Types'] as const;
const HEAD = `# Library reference

Every export of the package, as its declarations have them. [Library](library.md) has examples.
Declarations that exports refer to without exporting them are in the package's \`library.d.ts\`.
`;

/** Returns the reference as Markdown; \`declarations\` is the text of library.d.ts. */
export function libraryReference(declarations: string): string {
  const exported = exportedNames(declarations);
  const all = declarationsOf(declarations).filter(({ name }) => exported.has(name));
  const sections = KINDS.map((kind) => {
    const entries = all.filter((one) => one.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
    const texts = entries.map(({ name, comment, code }) => {
      const paragraph = comment === '' ? '' : `${comment}\n\n`;
      return `### ${name}\n\n${paragraph}\`\`\`ts\n${code}\n\`\`\`\n`;
    });
    return [`## ${kind}\n`, ...texts].join('\n');
  });
  return [HEAD, ...sections].join('\n');
}

function exportedNames(source: string): Set<string> {
  const { module } = parseSync('library.d.ts', source);
  return new Set(
    module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name ?? '')),
  );
}

function declarationsOf(source: string): Declaration[] {
  const { program, comments } = parseSync('library.d.ts', source);
  return program.body.flatMap((statement): Declaration[] => {
    const kind = kindOf(statement.type);
    const name =
      'id' in statement && statement.id != null && 'name' in statement.id
        ? statement.id.name
        : nameOf(statement);
    if (kind === undefined || name === undefined) return [];
    const above = comments.filter(({ end }) => end <= statement.start).at(-1);
    const isItsOwn = above !== undefined && source.slice(above.end, statement.start).trim() === '';
    const code = source
      .slice(statement.start, statement.end)
      .split('\n')
      .filter((line) => !/^\s*(#private|private )/.test(line))
      .join('\n')
      .replace(/^declare /, '');
    return [{ kind, name, comment: isItsOwn ? plain(above.value) : '', code }];
  });
}

function kindOf(type: string): Declaration['kind'] | undefined {
  switch (type) {
    case 'TSDeclareFunction':
    case 'FunctionDeclaration':
      return 'Functions';
    case 'ClassDeclaration':
      return 'Classes';
    case 'VariableDeclaration':
      return 'Constants';
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return 'Types';
    default:
      return undefined;
  }
}

function nameOf(statement: object): string | undefined {
  if (!('declarations' in statement)) return undefined;
  const [first] = statement.declarations as readonly { readonly id: { readonly name?: string } }[];
  return first?.id.name;
}

/** Returns the text of a comment without its stars. */
function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}
