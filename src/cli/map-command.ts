import { extname } from 'node:path';
import { Command } from 'commander';
import { InputError } from '../base/index.js';
import {
  COLOUR_MODES,
  type ColourMode,
  GROUNDS,
  type Ground,
  MAP_ORDERS,
  type MapOrder,
} from '../map/index.js';
import { writeWhole } from '../output/node.js';
import type { Recording } from '../recording/index.js';
import { readRecordingFile } from '../recording/node.js';
import {
  chooseMaps,
  legendEntries,
  type MapChoice,
  mapPage,
  mapPng,
  mapSvg,
  mapText,
  pictureOf,
  titleOf,
} from '../report/index.js';
import { readPlain } from '../stream/node.js';
import { OBJECTIVES, type Objective } from '../sweep/index.js';
import { append, choiceOption, integer } from './arguments.js';
import { findSweep, type SweepFiles } from './atlas-map.js';
import type { CommandResult, CommonOptions } from './command-result.js';
import { drawAtlas } from './draw-atlas.js';
import { addExamples } from './help.js';
import { pageTemplate } from './map-page.js';
import { aboutOption, withInputError } from './system-errors.js';

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
  readonly figure?: Objective;
  readonly at?: readonly string[];
}

const EXAMPLES = [
  'slablab run scattered-delete --out results && slablab map results/scattered-delete-q3.slabs',
  'slablab map results/scattered-delete-q3.slabs --order address --colour state',
  'slablab map results/scattered-delete-q3.slabs --before populated --phase deleted',
  'slablab map results/scattered-delete-q3.slabs --phase populated --phase deleted --out map.svg',
  'slablab sweep value-drift --preset decay --out results && slablab map results --out atlas.svg',
];

const NOTES =
  'Each cell is one or more pages of memory: slabs, large extents, memory that the allocator retains, its metadata. ' +
  'On a terminal the map fills one screen, in colours. In a pipe, or with NO_COLOR, it consists of letters. ' +
  'Of a sweep, it draws an atlas: the end of every cell as a small map, all on one scale.';

const FORMATS = ['.svg', '.png', '.html'] as const;

export function mapCommand(show: (result: CommandResult, options: CommonOptions) => void): Command {
  const command = new Command('map')
    .description('Draw the memory of a recorded run as a map of slabs, with their occupancy')
    .argument(
      '<recording>',
      'Recording (.slabs) that `slablab run … --out DIR` wrote, or directory or result of `slablab sweep … --out DIR`',
    )
    .option(
      '--phase <name>',
      'Phase whose end is shown; repeatable, for maps side by side (default: the last)',
      append,
    )
    .option('--before <phase>', 'Earlier phase, to show the changes since')
    .addOption(choiceOption('--order <order>', 'Order of the slabs', MAP_ORDERS).default('class'))
    .addOption(
      choiceOption('--colour <mode>', 'Quantity that the colours show', COLOUR_MODES).default(
        undefined,
        'occupancy',
      ),
    )
    .option('--class <bytes>', 'Size class to show without the others', integer('--class', 1))
    .option('--no-retained', 'Leave out retained address space, which occupies no memory')
    .addOption(
      choiceOption('--ground <ground>', 'Background that the colours contrast with', GROUNDS).default(
        undefined,
        'dark',
      ),
    )
    .option('--columns <pages>', 'Pages per row in a file', integer('--columns', 1, 65_536))
    .option(
      '--rows <rows>',
      'Rows of the map on a terminal (default: one screenful)',
      integer('--rows', 1, 65_536),
    )
    .option(
      '--out <file>',
      'Write the map to this file: map.svg, map.png or map.html (interactive, with the whole recording)',
    )
    .addOption(
      choiceOption('--figure <figure>', 'Figure of the cells in an atlas', OBJECTIVES).default(
        undefined,
        OBJECTIVES[0],
      ),
    )
    .option(
      '--at <axis=value>',
      'Value at which an atlas shows a third axis; repeatable (default: its first)',
      append,
    );
  return addExamples(command, EXAMPLES, NOTES).action(async (path: string, options: MapOptions) => {
    show(await mapOf(path, options), options);
  });
}

async function mapOf(path: string, options: MapOptions): Promise<CommandResult> {
  const format = formatOf(options.out);
  const sweep = await findSweep(path);
  if (sweep !== undefined) return atlasWith(sweep, options, format);
  refuseForOne(path, options);
  const { recording, damage } = await withInputError(
    path,
    'name a recording that `slablab run … --out DIR` wrote',
    () => readRecordingFile(path),
  );
  // Damage before the first snapshot leaves nothing to draw.
  if (damage !== null && recording.frames.length === 0) throw damage;
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
    await aboutOption('--out', () => writeWhole(out, content));
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

/** Draws an atlas, which is always of ends, by size class and occupancy. */
function atlasWith(
  sweep: SweepFiles,
  options: MapOptions,
  format: (typeof FORMATS)[number] | undefined,
): Promise<CommandResult> {
  const given = {
    phase: options.phase,
    before: options.before,
    colour: options.colour,
    class: options.class,
    columns: options.columns,
    rows: options.rows,
  };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    throw new InputError(`--${name} with a sweep: an atlas shows the end of each cell; remove --${name}`);
  }
  return drawAtlas(sweep, options, format);
}

function refuseForOne(path: string, { figure, at }: MapOptions): void {
  const name = figure === undefined ? 'at' : 'figure';
  if (figure === undefined && at === undefined) return;
  throw new InputError(`--${name} with ${path}: only the atlas of a sweep has it; remove --${name}`);
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
    before,
    sizeClass,
  };
}

function formatOf(out: string | undefined): (typeof FORMATS)[number] | undefined {
  if (out === undefined) return undefined;
  const format = FORMATS.find((known) => known === extname(out).toLowerCase());
  if (format !== undefined) return format;
  throw new InputError(
    `--out ${out}: the extension chooses the format; name a file that ends in ${FORMATS.join(', ')}`,
  );
}

/** Returns a page with the whole recording, which shows the chosen maps first. */
async function pageOf(
  path: string,
  recording: Recording,
  { phases, before, order, colour, retained }: MapChoice,
  options: MapOptions,
): Promise<string> {
  for (const name of ['class', 'ground', 'columns'] as const) {
    if (options[name] === undefined) continue;
    throw new InputError(
      `--${name} with --out ${options.out}: the page has its own control for it; remove --${name}`,
    );
  }
  if (phases.length > 1) {
    throw new InputError(
      `--phase ${phases[1]} with --out ${options.out}: the page opens with one phase; give one --phase`,
    );
  }
  const frameOf = (name: string, phase: string | undefined) =>
    phase === undefined ? {} : { [name]: `${recording.frames.findIndex((frame) => frame.phase === phase)}` };
  const { title } = titleOf(recording);
  return mapPage(await pageTemplate(), [{ title, bytes: Buffer.from(await readPlain(path)) }], {
    order,
    colour,
    retained: retained ? 'yes' : 'no',
    ...frameOf('frame', phases[0]),
    ...frameOf('before', before),
  });
}
