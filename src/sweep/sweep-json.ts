import type { CellShelf } from './cell-shelf.js';
import type { SweepResult } from './sweep-result.js';

const NO_CELLS = '\n  "cells": []';

/** Yields the JSON text of a result in pieces, each with one cell of the shelf. Their sum is that of the whole result. */
export function* sweepJson(result: SweepResult, shelf: CellShelf): Generator<string> {
  const frame = `${JSON.stringify({ ...result, cells: [] }, null, 2)}\n`;
  if (result.cells.length === 0) {
    yield frame;
    return;
  }
  const at = frame.indexOf(NO_CELLS) + NO_CELLS.length - 1;
  yield frame.slice(0, at);
  let separator = '\n    ';
  for (const cell of shelf.wholes(result.cells)) {
    yield separator + JSON.stringify(cell, null, 2).replaceAll('\n', '\n    ');
    separator = ',\n    ';
  }
  yield `\n  ${frame.slice(at)}`;
}
