/** Recognises the texts that a server prints about its memory: INFO, and the statistics of jemalloc. */

const HEAD_BYTES = 65_536;
const MARKS = /^[^\n]{0,40}(used_memory:\d|# Memory\b|mem_allocator:)|Begin jemalloc statistics/m;

export async function isReport(file: File): Promise<boolean> {
  return isReportText(await file.slice(0, HEAD_BYTES).text());
}

export function isReportText(text: string): boolean {
  // A file of commands begins with its protocol, also if a value in it looks like INFO.
  return !/^[*$]\d/.test(text) && MARKS.test(text);
}
