import { InputError } from '../base/index.js';
/** Whose it is; what the account that it is from does not tell apart is null. */
export interface FigureOwner {
  readonly pattern: string | null;
  readonly subject: string | null;
  readonly kind: string | null;
}

export interface Figure {
  readonly metric: string;
  /** Bytes, of what is counted for each class; else null. */
  readonly sizeClass: number | null;
  /** Of what is counted for each type, pattern or owner; else null. */
  readonly owner: FigureOwner | null;
  /** Null where nothing was measured: no cohort was marked. */
  readonly value: number | null;
}

/** A phase of a result, for what is wrong with one that was read from a file. */
export interface Where {
  readonly result: string;
  readonly phase: string;
}

/** A row of a phase: of a class, of an owner, or of neither. */
export type FigureRow = Pick<Figure, 'sizeClass' | 'owner'>;

export const WHOLE_PHASE: FigureRow = { sizeClass: null, owner: null };

/** Each `name` of `of`, which the result has under `group`. */
export function* readFigures(
  of: unknown,
  group: string,
  names: Iterable<string>,
  row: FigureRow,
  where: Where,
): Generator<Figure> {
  for (const name of names) {
    const metric = group === '' ? name : `${group}.${name}`;
    const value = (Object(of) as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== 'number' && !(metric === 'drainprof.cohortDsr' && value === null)) {
      throw damaged(where, `\`${metric}\`${rowName(row)} is not a number`);
    }
    yield { metric, ...row, value };
  }
}

export function damaged({ result, phase }: Where, what: string): InputError {
  return new InputError(`${result}: phase ${phase}: ${what}; the file is damaged, or not a result`);
}

/** Two figures of one key are the same figure. */
export function keyOf({ metric, sizeClass, owner }: Figure): string {
  return JSON.stringify([metric, sizeClass, owner?.pattern, owner?.subject, owner?.kind]);
}

function rowName({ sizeClass, owner }: FigureRow): string {
  const ofClass = sizeClass === null ? '' : ` of class ${sizeClass}`;
  return owner === null ? ofClass : `${ofClass} of ${ownerText(owner)}`;
}

/** For people: `user:* (hash) listpack`, `(server) start-up`, `hash`. */
export function ownerText({ pattern, subject, kind }: FigureOwner): string {
  if (pattern === null && kind === null) return subject ?? '';
  const parts = [pattern, subject === null ? null : `(${subject})`, kind];
  return parts.filter((part) => part !== null).join(' ');
}
