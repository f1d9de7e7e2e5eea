import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError, unknownName } from '../base/index.js';
import type { Ground } from '../map/index.js';
import { writeWhole } from '../output/node.js';
import {
  type Atlas,
  type AtlasChoice,
  atlasAnswer,
  atlasPage,
  atlasPng,
  atlasSvg,
  atlasText,
} from '../report/index.js';
import type { Objective } from '../sweep/index.js';
import { readAtlas, type SweepFiles } from './atlas-map.js';
import type { CommandResult } from './command-result.js';
import { pageTemplate } from './map-page.js';
import { aboutOption } from './system-errors.js';

export interface AtlasOptions {
  readonly figure?: Objective;
  readonly at?: readonly string[];
  readonly ground?: Ground;
  readonly out?: string;
}

/** Draws the atlas of a sweep: on the terminal, or to a file of the format that its extension chooses. */
export async function drawAtlas(
  files: SweepFiles,
  options: AtlasOptions,
  format: '.svg' | '.png' | '.html' | undefined,
): Promise<CommandResult> {
  const atlas = await readAtlas(files);
  const choice: AtlasChoice = {
    figure: options.figure ?? 'steadyResident',
    ground: options.ground ?? 'dark',
    values: valuesOf(options.at ?? [], atlas),
  };
  const { out } = options;
  if (out !== undefined) {
    const content =
      format === '.html'
        ? await pageOf(atlas, files)
        : format === '.svg'
          ? atlasSvg(atlas, choice)
          : await atlasPng(atlas, choice);
    await aboutOption('--out', () => writeWhole(out, content));
  }
  const { cells, workload, axes } = atlas;
  return {
    json: {
      schema: 'slablab.atlas/1',
      workload,
      axes,
      figure: choice.figure,
      ...atlasAnswer(atlas, choice.figure),
      cells: cells.map(({ cell, values, figures, error, map }) => ({
        cell,
        values,
        figures,
        error,
        isDrawn: map !== null,
      })),
    },
    text: (terminal) => (out === undefined ? atlasText(atlas, choice, terminal) : ''),
    exitCode: 0,
    messages: out === undefined ? [] : [`atlas written to ${out}`],
  };
}

async function pageOf(atlas: Atlas, { resultPath, recordings }: SweepFiles): Promise<string> {
  const bytes = new Map<number, Uint8Array>();
  for (const [cell, path] of recordings) bytes.set(cell, await readFile(path));
  return atlasPage(await pageTemplate(), basename(resultPath), atlas, bytes);
}

/** Returns the values of axes in texts of the form name=value. */
function valuesOf(texts: readonly string[], { axes }: Atlas): Readonly<Record<string, string>> {
  const entries = texts.map((text): [string, string] => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new InputError(`--at ${text}: write it as axis=value, for example --at seed=2`);
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1)];
    const axis = axes.find((each) => each.name === name);
    if (axis === undefined)
      throw unknownName(
        'an axis of this sweep',
        name,
        axes.map((each) => each.name),
      );
    if (!axis.values.includes(value)) throw unknownName(`a value of axis ${name}`, value, axis.values);
    return [name, value];
  });
  return Object.fromEntries(entries);
}
