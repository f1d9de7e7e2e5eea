import { RAW_VERSION } from './raw-format.js';

/** The facts that the recorder wrote about an image of a process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Path of the executable file. */
  readonly image: string;
  readonly command: readonly string[];
  /** Whether orders are those of a shared counter, which says nothing about time. */
  readonly isCounted: boolean;
  readonly stacks: number;
  readonly prefix: string;
  /** Path of the library that serves malloc, if it could be asked. */
  readonly library?: string;
  readonly isJemalloc: boolean;
  readonly version?: string;
  readonly quantum?: number;
  readonly page?: number;
  readonly narenas?: number;
  readonly conf?: string;
}

/** Parses a `.process` file. Returns what is wrong with it if it is of no use. */
export function parseProcessFile(text: string): ProcessFacts | { readonly problem: string } {
  const values = new Map<string, string>();
  const command: string[] = [];
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    if (at < 0) continue;
    const value = unescaped(line.slice(at + 1));
    if (line.startsWith('argument ')) command.push(value);
    else values.set(line.slice(0, at), value);
  }
  const version = Number(values.get('slablab-recording'));
  if (!(version >= 1)) return { problem: 'the file about the process is damaged' };
  if (version !== RAW_VERSION) {
    return { problem: `version ${version} of a recording; this slablab reads version ${RAW_VERSION}` };
  }
  const number = (key: string) => {
    const value = values.get(key);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const image = values.get('image') ?? '';
  return {
    pid: number('pid') ?? 0,
    parent: number('parent') ?? 0,
    image,
    command: command.length > 0 ? command : [image],
    isCounted: values.get('order') === 'counter',
    stacks: number('stacks') ?? 0,
    prefix: values.get('prefix') ?? '',
    isJemalloc: values.get('allocator') === 'jemalloc',
    ...given('library', values.get('library')),
    ...given('version', values.get('version')),
    ...given('quantum', number('quantum')),
    ...given('page', number('page')),
    ...given('narenas', number('narenas')),
    ...given('conf', values.get('conf')),
  };
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [K in Name]: Value });
}

/** `%XX` stands for a byte. The rest is UTF-8 already. */
function unescaped(text: string): string {
  return text.replace(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
