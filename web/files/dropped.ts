/** What was dropped on the page, directories with all that is in them. */
import type { GivenFile } from '../lab/service.js';

/** Must be called in the drop event itself: afterwards the browser has forgotten what was dropped. */
export function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  const dropped = [...transfer.items].map((item) => {
    const entry = item.webkitGetAsEntry();
    if (entry !== null) return filesIn(entry);
    // What comes from another program than a file manager has no entry.
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
  // It gives some entries at a time, and none when there are no more.
  for (let some = await read(reader); some.length > 0; some = await read(reader)) {
    for (const inside of some) files.push(...(await filesIn(inside)));
  }
  return files;
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}
