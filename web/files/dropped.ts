/** Finds the files dropped on the page, including all files in dropped directories. */
import type { GivenFile } from '../lab/service.js';

/** Must be called in the drop event itself: the browser forgets the dropped items afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  const dropped = [...transfer.items].map((item) => {
    const entry = item.webkitGetAsEntry();
    if (entry !== null) return filesIn(entry);
    // Items from a program other than a file manager have no entry.
    const file = item.getAsFile();
    return file === null ? [] : [{ path: file.name, file }];
  });
  return Promise.all(dropped).then((all) => all.flat());
}

async function filesIn(entry: FileSystemEntry): Promise<GivenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const files: GivenFile[] = [];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // `readEntries` returns some entries at a time, and none at the end.
  for (let some = await read(reader); some.length > 0; some = await read(reader)) {
    for (const inside of some) files.push(...(await filesIn(inside)));
  }
  return files;
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
