/** One number of a phase, as a comparison reads it from a result. */
import { InputError } from '../base/index.js';

/** The owner of a figure. Parts that its account does not distinguish are null. */
export interface FigureOwner {
  readonly pattern: string | null;
  readonly subject: string | null;
  readonly kind: string | null;
}

export interface Figure {
  readonly metric: string;
  /** Bytes of the size class, for figures by class; else null. */
  readonly sizeClass: number | null;
  /** The owner, for figures by type, pattern or owner; else null. */
  readonly owner: FigureOwner | null;
  /** Null if not measured, because no cohort was marked. */
  readonly value: number | null;
}

/** A phase of a result, for error messages. */
export interface Where {
  readonly result: string;
  readonly phase: string;
}

/** A row of a phase: that of a class, of an owner, or of the whole phase. */
export type FigureRow = Pick<Figure, 'sizeClass' | 'owner'>;

export const WHOLE_PHASE: FigureRow = { sizeClass: null, owner: null };

/** Yields the figures `names` of the object `of`, whose path in the phase is `group`. */
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

/** Returns a key that identifies a figure in a phase. */
export function keyOf({ metric, sizeClass, owner }: Figure): string {
  return JSON.stringify([metric, sizeClass, owner?.pattern, owner?.subject, owner?.kind]);
}

function rowName({ sizeClass, owner }: FigureRow): string {
  const ofClass = sizeClass === null ? '' : ` of class ${sizeClass}`;
  return owner === null ? ofClass : `${ofClass} of ${ownerText(owner)}`;
}

/** Returns the name of an owner in reports, like `user:* (hash) listpack`, `(server) start-up` or `hash`. */
export function ownerText({ pattern, subject, kind }: FigureOwner): string {
  if (pattern === null && kind === null) return subject ?? '';
  const parts = [pattern, subject === null ? null : `(${subject})`, kind];
  return parts.filter((part) => part !== null).join(' ');
}
