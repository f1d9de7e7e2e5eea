import type { RunResult } from './run-result.js';
import type { RunSource } from './run-source.js';

/** Returns sentences on how sure the figures of a source are; undefined for a stream of operations, which is exact. */
export function certaintyOf({
  inputKind,
  serverNote,
  isModelled,
  metadata,
}: Pick<RunSource, 'inputKind' | 'serverNote' | 'isModelled' | 'metadata'>): readonly string[] | undefined {
  if (!isModelled) return undefined;
  const server = serverNote?.() ?? '';
  return [historyOf(inputKind), server === '' ? `Modelled as ${metadata.server}.` : server];
}

/** Returns the sentences that hold for all of several results: those on several servers are modelled as different ones. */
export function commonCertainty(all: readonly Pick<RunResult, 'certainty'>[]): readonly string[] {
  const known = all.flatMap(({ certainty }) => (certainty === undefined ? [] : [certainty]));
  const [first = []] = known;
  return first.filter((sentence) => known.every((own) => own.includes(sentence)));
}

/** Says which part of a server's history an input has. */
function historyOf(kind: RunSource['inputKind']): string {
  switch (kind) {
    case 'rdb':
      return 'As after a restart from the file: a server that has run for long holds more, at other places.';
    case 'aof':
      return 'As after a restart from the file, which lacks what a rewrite left out.';
    case 'monitor':
    case 'resp':
      return 'The history in the file, which is whole if the log begins with the server.';
    default:
      return 'The whole history, from the start of a server.';
  }
}
