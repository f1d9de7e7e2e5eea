/** The better direction of a figure; `neither` if it depends on the purpose. */
export type BetterWhen = 'low' | 'high' | 'neither';

/** A record with all figures of a row, so that a new figure does not compile until its direction is given. */
export type BetterWhenByFigure<Row> = Readonly<Record<keyof Row, BetterWhen>>;
