import type { Band, MapLayout } from '../map/index.js';

const NAMES: Readonly<Record<Exclude<Band['kind'], 'class'>, string>> = {
  addresses: '',
  classes: 'other',
  large: 'large',
  dirty: 'dirty',
  muzzy: 'muzzy',
  retained: 'kept',
  metadata: 'meta',
};

/** Returns a short name of a band for the margin. */
export function bandName({ kind, sizeClass }: Band, sizeClasses: readonly number[]): string {
  return kind === 'class' ? `${sizeClasses[sizeClass!]}` : NAMES[kind];
}

/** Returns the labels of rows: the name of each band at its first row, or the first page of each row of addresses. */
export function rowNames({ bands, stretches, columns, info }: MapLayout): Map<number, string> {
  const names = new Map(bands.map((band) => [band.firstRow, bandName(band, info.sizeClasses)]));
  stretches.forEach(({ firstRow, page }, index) => {
    const end = stretches[index + 1]?.firstRow ?? bands[0]!.rows;
    for (let row = firstRow; row < end; row++) names.set(row, `${page + (row - firstRow) * columns}`);
  });
  return names;
}
