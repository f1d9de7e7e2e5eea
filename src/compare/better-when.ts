/** Which way is better; `neither` where that depends on what is wanted. */
export type BetterWhen = 'low' | 'high' | 'neither';

/** A record over all the names there are, so that a figure that is added to a result is compared, or does not compile. */
export type BetterWhenByFigure<Row> = Readonly<Record<keyof Row, BetterWhen>>;
