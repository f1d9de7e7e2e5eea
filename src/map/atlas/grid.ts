/** Places the cells of a sweep in rows and columns, by two of its axes. */

export interface AtlasAxis {
  readonly name: string;
  readonly values: readonly string[];
}

interface AtlasGrid {
  /** Null with fewer axes. */
  readonly across: AtlasAxis | null;
  readonly down: AtlasAxis | null;
  /** The value at which each further axis is shown. */
  readonly fixed: readonly { readonly axis: AtlasAxis; readonly value: string }[];
  readonly columns: number;
  readonly rows: number;
  readonly places: readonly AtlasPlace[];
}

interface AtlasPlace {
  readonly cell: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Returns the places of cells, which are numbered as in a sweep. An axis of numbers is across, so that figures can be
 * lines over it. The first other axis is down. `values` chooses the values of further axes.
 */
export function atlasGrid(
  axes: readonly AtlasAxis[],
  values: Readonly<Record<string, string>> = {},
): AtlasGrid {
  const across = longest(axes.filter(isNumeric)) ?? longest(axes) ?? null;
  const down = axes.find((axis) => axis !== across) ?? null;
  const fixed = axes
    .filter((axis) => axis !== across && axis !== down)
    .map((axis) => {
      const wanted = values[axis.name];
      return { axis, value: wanted !== undefined && axis.values.includes(wanted) ? wanted : axis.values[0]! };
    });
  const columns = across?.values.length ?? 1;
  const rows = down?.values.length ?? 1;
  const places = Array.from({ length: rows * columns }, (_, at): AtlasPlace => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const cell = axes.reduce((number, axis) => {
      const index =
        axis === across
          ? column
          : axis === down
            ? row
            : axis.values.indexOf(fixed.find((each) => each.axis === axis)!.value);
      return number * axis.values.length + index;
    }, 0);
    return { cell, row, column };
  });
  return { across, down, fixed, columns, rows, places };
}

/** Whether all values are numbers, -1 for "never" included. */
function isNumeric({ values }: AtlasAxis): boolean {
  return values.every((value) => value.trim() !== '' && Number.isFinite(Number(value)));
}

/** Returns the axis with the most values, the first of several. */
function longest(axes: readonly AtlasAxis[]): AtlasAxis | undefined {
  const [first, ...others] = axes;
  if (first === undefined) return undefined;
  return others.reduce((most, axis) => (axis.values.length > most.values.length ? axis : most), first);
}
