import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { InputError } from '../base/index.js';
import {
  COLOUR_MODES,
  type ColourMode,
  GROUNDS,
  type Ground,
  MAP_ORDERS,
  type MapOrder,
} from '../map/index.js';
import type { Recording } from '../recording/index.js';
import { readRecordingFile } from '../recording/node.js';
import {
  chooseMaps,
  legendEntries,
  type MapChoice,
  mapPng,
  mapSvg,
  mapText,
  pictureOf,
  titleOf,
} from '../report/index.js';
import { withInputError } from './blaming.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { addExamples } from './help.js';
import { mapPage } from './map-page.js';
import { writeWhole } from './result-file.js';
import { append, oneOf, positiveInteger } from './run-options.js';

interface MapOptions extends CommonOptions {
  readonly phase?: readonly string[];
  readonly before?: string;
  readonly order: MapOrder;
  readonly colour?: ColourMode;
  readonly ground?: Ground;
  readonly class?: number;
  readonly retained: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly out?: string;
}

const EXAMPLES = [
  'slablab run scattered-delete --out results && slablab map results/scattered-delete-q3.slabs',
  'slablab map results/scattered-delete-q3.slabs --order address --colour state',
  'slablab map results/scattered-delete-q3.slabs --before populated --phase deleted',
  'slablab map results/scattered-delete-q3.slabs --phase populated --phase deleted --out map.svg',
];

const MORE =
  'Every cell is a page, or several, of memory: slabs, large extents, what the allocator keeps, its records. In a ' +
  'terminal the map is one screenful, in its colours; elsewhere, or with NO_COLOR, in letters.';

const FORMATS = ['.svg', '.png', '.html'] as const;

export function mapCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('map')
    .description(
      'the memory of a recorded run as a map: which slabs are pinned, by how much, and what lies between',
    )
    .argument('<recording>', 'a file.slabs, as `slablab run … --out DIR` writes it')
    .option('--phase <name>', 'at the end of which phase; repeated: side by side (default: the last)', append)
    .option('--before <phase>', 'what has changed since this phase')
    .addOption(
      new Option('--order <order>', MAP_ORDERS.join(' | '))
        .default('class')
        .argParser(oneOf('an --order of a map', MAP_ORDERS)),
    )
    .addOption(
      new Option('--colour <mode>', `${COLOUR_MODES.join(' | ')} (default: occupancy)`).argParser(
        oneOf('a --colour of a map', COLOUR_MODES),
      ),
    )
    .option('--class <bytes>', 'only the slabs of this size class', positiveInteger('--class'))
    .option('--no-retained', 'leave out address space without memory behind it')
    .addOption(
      new Option(
        '--ground <ground>',
        `what the colours are to stand out from: ${GROUNDS.join(' | ')} (default: dark)`,
      ).argParser(oneOf('a --ground', GROUNDS)),
    )
    .option('--columns <pages>', 'in a file: pages to a row', positiveInteger('--columns', 65_536))
    .option(
      '--rows <rows>',
      'in a terminal: rows of the map (default: one screenful)',
      positiveInteger('--rows', 65_536),
    )
    .option(
      '--out <file>',
      'write the map there: map.svg, map.png or map.html (interactive, all of the recording)',
    );
  return addExamples(command, EXAMPLES, MORE).action(async (path: string, options: MapOptions) => {
    show(await mapOf(path, options), options);
  });
}

async function mapOf(path: string, options: MapOptions): Promise<CommandResult> {
  const format = formatOf(options.out);
  const { recording, damage } = await withInputError(
    path,
    'name a recording, as `slablab run … --out DIR` writes it',
    () => readRecordingFile(path),
  );
  const choice = choiceOf(options);
  const maps = chooseMaps(recording, choice);
  const picture = pictureOf(recording, maps, choice, options.columns);
  const messages: string[] = [];
  if (options.out !== undefined) {
    const { out } = options;
    const content =
      format === '.html'
        ? await pageOf(path, recording, choice, options)
        : format === '.svg'
          ? mapSvg(picture)
          : await mapPng(picture);
    await withInputError(`--out ${out}`, 'name a file that can be written', () => writeWhole(out, content));
    messages.push(`map written to ${out}`);
  }
  const { title } = titleOf(recording);
  return {
    json: {
      schema: 'slablab.map/1',
      workload: title,
      order: choice.order,
      colour: choice.colour,
      maps: picture.panels.map(({ heading, notes, layout }, index) => ({
        phase: maps[index]?.phase,
        heading,
        notes,
        columns: layout.columns,
        rows: layout.rows,
      })),
      legend: legendEntries(picture).map(({ swatch: { label, colour }, bytes }) => ({
        label,
        colour,
        bytes,
      })),
    },
    text: (terminal) =>
      options.out === undefined ? mapText(recording, maps, choice, terminal, options.rows) : '',
    exitCode: damage === null ? 0 : 2,
    messages,
    ...(damage === null ? {} : { error: damage }),
  };
}

function choiceOf({
  phase = [],
  before,
  order,
  colour,
  ground,
  class: sizeClass,
  retained,
}: MapOptions): MapChoice {
  return {
    phases: phase,
    order,
    colour: colour ?? (before === undefined ? 'occupancy' : 'difference'),
    ground: ground ?? 'dark',
    retained,
    ...(before === undefined ? {} : { before }),
    ...(sizeClass === undefined ? {} : { sizeClass }),
  };
}

function formatOf(out: string | undefined): (typeof FORMATS)[number] | undefined {
  if (out === undefined) return undefined;
  const format = FORMATS.find((known) => known === extname(out).toLowerCase());
  if (format !== undefined) return format;
  throw new InputError(`--out ${out}: the name says what is written; let it end in ${FORMATS.join(', ')}`);
}

/** All of the recording; what was chosen of it is what the page shows at first. */
async function pageOf(
  path: string,
  { frames }: Recording,
  { phases, before, order, colour, retained }: MapChoice,
  options: MapOptions,
): Promise<string> {
  for (const name of ['class', 'ground', 'columns'] as const) {
    if (options[name] === undefined) continue;
    throw new InputError(`--${name} with --out ${options.out}: that is chosen on the page; leave it out`);
  }
  if (phases.length > 1) {
    throw new InputError(
      `--phase ${phases[1]} with --out ${options.out}: the page shows one moment at first; give one --phase`,
    );
  }
  const place = (name: string, phase: string | undefined) =>
    phase === undefined ? {} : { [name]: `${frames.findIndex((frame) => frame.phase === phase)}` };
  return mapPage(await readFile(path), {
    order,
    colour,
    retained: retained ? 'yes' : 'no',
    ...place('frame', phases[0]),
    ...place('before', before),
  });
}
