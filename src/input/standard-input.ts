import { type ByteSource, InputError, MemorySource } from '../base/index.js';
import { isGzip, readStandardInput } from '../stream/node.js';
import type { Files } from './files.js';
import { GzipSource } from './gzip-source.js';

/** Standard input as the only file. */
export class StandardInput implements Files {
  static readonly shownName = 'stdin';
  stat() {
    return { kind: 'file', sizeBytes: readStandardInput().length } as const;
  }

  open(path: string): ByteSource {
    const bytes = readStandardInput();
    const source = new MemorySource(bytes);
    return isGzip(bytes) ? new GzipSource(path, source) : source;
  }

  entries(): never[] {
    return [];
  }

  within(_: string, name: string): string {
    return name;
  }

  sibling(path: string, name: string): string {
    throw new InputError(
      `${path}: it names the file ${name}, which standard input cannot have; name the directory`,
    );
  }
}
