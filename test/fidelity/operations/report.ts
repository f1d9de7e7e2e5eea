/** The differences of two lists of requests as text: the first one with what surrounds it, and all by command. */
import type { Alignment, Difference, Lane, Span } from './align.js';
import { causeOf, causeOfOrder } from './explained.js';
import type { ModelRequests } from './model-requests.js';
import type { RequestList } from './request-list.js';
import type { ServerRequests } from './server-requests.js';

const AROUND = 6;

export interface Sides {
  readonly server: ServerRequests;
  readonly model: ModelRequests;
}

export interface Judged {
  /** Places with a known cause, by its name. */
  readonly explained: ReadonlyMap<string, number>;
  readonly unexplained: readonly Difference[];
  /** Requests about another region than the server's, without those of commands whose order is drawn. */
  readonly unexplainedRegions: readonly Difference[];
}

export function judged(sides: Sides, alignment: Alignment): Judged {
  const explained = new Map<string, number>();
  const unexplained = alignment.differences.filter((place) => {
    const cause = causeOf(sides, alignment, place, commandName(sides, alignment, place));
    if (cause !== undefined) explained.set(cause, (explained.get(cause) ?? 0) + 1);
    return cause === undefined;
  });
  const unexplainedRegions = alignment.otherRegion
    .map(placeOf)
    .filter((place) => causeOfOrder(commandName(sides, alignment, place)) === undefined);
  return { explained, unexplained, unexplainedRegions };
}

function placeOf([atServer, atModel]: Alignment['otherRegion'][number]): Difference {
  return { server: { from: atServer, to: atServer + 1 }, model: { from: atModel, to: atModel + 1 } };
}

/** `shown`: for so many commands, their first difference is shown with what surrounds it. */
export function report(title: string, sides: Sides, alignment: Alignment, shown: number): string[] {
  const { same, differences, otherRegion } = alignment;
  const { explained, unexplained, unexplainedRegions } = judged(sides, alignment);
  const count = (side: 'server' | 'model') =>
    differences.reduce((sum, difference) => sum + difference[side].to - difference[side].from, 0);
  const lines = [
    `${title}: ${same} requests are the same in order; ${count('server')} are the server's alone, ${count('model')} the ` +
      `model's alone, in ${differences.length} places, ${unexplained.length} of them without a known cause; ` +
      `${otherRegion.length} concern another region of the same size, ${unexplainedRegions.length} of them without a known cause`,
    ...[...explained].map(([cause, places]) => `  known: ${places} places: ${cause}`),
  ];
  const [first] = unexplained;
  if (first !== undefined) lines.push(...around('first difference', sides, alignment, first));
  const [other] = unexplainedRegions;
  if (other !== undefined) lines.push(...around('first other region', sides, alignment, other));
  return [...lines, ...byCommand(sides, alignment, unexplained, shown)];
}

/** Returns the number of the command that the model carries out at a place. */
function commandNumber({ model }: Sides, { model: lane }: Alignment, at: number): number {
  return model.commandOf[lane.indexes[at] ?? -1] ?? model.commands.length;
}

function around(title: string, sides: Sides, alignment: Alignment, place: Difference): string[] {
  const number = commandNumber(sides, alignment, place.model.from);
  return [
    `  ${title}: command ${number}: ${commandAt(sides.model, number)}`,
    ...described('server', alignment.server, place.server, sides.server.useOf),
    ...described('model', alignment.model, place.model, sides.model.useOf),
  ];
}

function described(side: string, lane: Lane, own: Span, useOf: (owner: number) => string): string[] {
  const lines = [`    ${side}:`];
  const end = Math.min(lane.length, own.to + AROUND, own.from + 4 * AROUND);
  for (let at = Math.max(0, own.from - AROUND); at < end; at++) {
    const { token, handle, owner } = lane.list.at(lane.indexes[at]!);
    const sign = at >= own.from && at < own.to ? '>' : ' ';
    lines.push(`    ${sign} ${token.padEnd(14)} #${handle} ${useOf(owner)}`);
  }
  return lines;
}

function commandAt({ commands }: ModelRequests, number: number): string {
  return commands[number] ?? (number < 0 ? 'before the first' : 'after the last');
}

/** Returns the name of the command that the model carries out at a place, in capitals. */
function commandName(sides: Sides, alignment: Alignment, { model }: Difference): string {
  const number = commandNumber(sides, alignment, model.from);
  const isCommand = number >= 0 && number < sides.model.commands.length;
  return isCommand ? commandAt(sides.model, number).split(' ')[0]!.toUpperCase() : 'no command';
}

interface OfCommand {
  places: number;
  first: Difference;
  readonly tallies: Map<string, { server: number; model: number; use: string }>;
  /** Places by what is on either side. */
  readonly forms: Map<string, number>;
}

/** The differences by the name of the command, those with most places first. */
function byCommand(
  sides: Sides,
  alignment: Alignment,
  differences: readonly Difference[],
  shown: number,
): string[] {
  const commands = new Map<string, OfCommand>();
  for (const difference of differences) {
    const name = commandName(sides, alignment, difference);
    const known = commands.get(name) ?? {
      places: 0,
      first: difference,
      tallies: new Map(),
      forms: new Map(),
    };
    known.places++;
    const form = formOf(alignment, difference);
    known.forms.set(form, (known.forms.get(form) ?? 0) + 1);
    commands.set(name, known);
    for (const side of ['server', 'model'] as const) {
      const lane = alignment[side];
      for (let at = difference[side].from; at < difference[side].to; at++) {
        const { token, owner } = lane.list.at(lane.indexes[at]!);
        const tally = known.tallies.get(token) ?? { server: 0, model: 0, use: sides[side].useOf(owner) };
        tally[side]++;
        known.tallies.set(token, tally);
      }
    }
  }
  return [...commands]
    .sort(([, a], [, b]) => b.places - a.places)
    .flatMap(([name, { places, first, tallies, forms }], index) => [
      `  ${name}: ${places} places: ${talliesAsText(tallies)}`,
      ...mostFrequent(forms).map(([form, count]) => `      ${count} x ${form}`),
      ...(index < shown ? around('for example', sides, alignment, first) : []),
    ]);
}

const SHOWN_FORMS = 3;

function mostFrequent(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, SHOWN_FORMS);
}

function formOf({ server, model }: Alignment, place: Difference): string {
  return `server ${tokensOf(server, place.server)} | model ${tokensOf(model, place.model)}`;
}

const MOST_TOKENS = 10;

function tokensOf(lane: Lane, { from, to }: Span): string {
  const tokens: string[] = [];
  for (let at = from; at < Math.min(to, from + MOST_TOKENS); at++) {
    tokens.push(lane.list.text(lane.token(at)));
  }
  if (to - from > MOST_TOKENS) tokens.push('...');
  return tokens.length === 0 ? 'none' : tokens.join(' ');
}

const SHOWN_TALLIES = 7;

function talliesAsText(tallies: OfCommand['tallies']): string {
  const all = [...tallies].map(([token, { server, model, use }]) => ({ token, server, model, use }));
  const moved = all.reduce((sum, { server, model }) => sum + Math.min(server, model), 0);
  const more = all
    .filter(({ server, model }) => server !== model)
    .sort((a, b) => Math.abs(b.server - b.model) - Math.abs(a.server - a.model));
  const words = more
    .slice(0, SHOWN_TALLIES)
    .map(
      ({ token, server, model, use }) =>
        `${server > model ? 'server' : 'model'} ${Math.abs(server - model)} x ${token} (${use})`,
    );
  if (more.length > SHOWN_TALLIES) words.push(`and ${more.length - SHOWN_TALLIES} other sizes`);
  if (moved > 0) words.push(`${moved} elsewhere`);
  return words.join(', ');
}

/** The requests of other threads, whose order among those of the main thread is not defined. */
export function otherThreads(side: string, { ofOtherThreads }: RequestList): string[] {
  const total = [...ofOtherThreads.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const most = [...ofOtherThreads].sort(([, a], [, b]) => b - a).slice(0, 6);
  return [
    `  other threads of the ${side}: ${total} requests: ${most.map(([token, count]) => `${count} x ${token}`).join(', ')}`,
  ];
}
