import type { ByteSource } from '../base/index.js';
/** Where files are: a disk, or what was given to a page. */
export interface Files {
  /** Undefined: there is nothing of this path. */
  look(path: string): FileThere | undefined;
  entries(directory: string): readonly FileEntry[];
  open(path: string): ByteSource;
  /** The path of an entry of a directory. */
  within(directory: string, name: string): string;
  /** The path of what is in the same directory as a file. */
  beside(path: string, name: string): string;
}

type FileThere =
  | { readonly kind: 'file'; readonly sizeBytes: number }
  | { readonly kind: 'directory' | 'other' };

export interface FileEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}
