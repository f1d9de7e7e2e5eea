/** Which way is better; `neither` where that depends on what is wanted. */
export type Wish = 'low' | 'high' | 'neither';

/** A record over all the names there are, so that a figure that is added to a result is compared, or does not compile. */
export type Wishes<Row> = Readonly<Record<keyof Row, Wish>>;
