import type { ByteSource } from '../base/index.js';

/** Access to files on a disk, or to the files that a user gave to the page. */
export interface Files {
  /** Returns the kind and size of a file, or undefined if it does not exist. */
  stat(path: string): FileStat | undefined;
  entries(directory: string): readonly FileEntry[];
  open(path: string): ByteSource;
  /** Returns the path of an entry of a directory. */
  within(directory: string, name: string): string;
  /** Returns the path of an entry in the directory of a file. */
  sibling(path: string, name: string): string;
}

type FileStat =
  | { readonly kind: 'file'; readonly sizeBytes: number }
  | { readonly kind: 'directory' | 'other' };

export interface FileEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}
