/** Differences between a server and the model that are no defect of the model, each with its cause. */
import type { Alignment, Difference, Lane, Span } from './align.js';
import type { Sides } from './report.js';

interface Cause {
  readonly name: string;
  /** Functions that the server called from, for its side of a difference. */
  readonly server: RegExp;
  /** Uses of regions, for the model's side. */
  readonly model: RegExp;
  /** Requests that it is limited to; all, if left out. */
  readonly tokens?: RegExp;
}

const CAUSES: readonly Cause[] = [
  {
    name: 'a table is through with moving its elements when the seed of its hash function has it',
    server: /dictResize|dictExpand|dictRehash|_dictClear|hashtable/,
    model: /^(bucket array|dict)$/,
  },
  {
    name: 'which names share a bucket, and have entries there, follows from the seed of the hash function',
    server: /^/,
    model: /^/,
    tokens: /^[+-]entry$/,
  },
  {
    name: 'cron runs by the clock of the machine',
    server: /[cC]ron\b/,
    model: /^(reply buffer|query buffer)$/,
  },
  {
    name: 'reply blocks begin where the reply buffer ends, which cron resizes',
    server: /[rR]eply(?!Error)/,
    model: /^(reply block|client state|reply buffer)$/,
  },
  {
    name: 'the first error of each kind makes its counter, which is not modelled',
    server: /incrementErrorCount/,
    model: /^$/,
  },
  {
    name: 'the levels of a skiplist node are drawn',
    server: /^/,
    model: /^/,
    tokens: /^[+-]node$/,
  },
];

/** Causes of any difference during a command. */
const CAUSES_BY_COMMAND: readonly (readonly [commands: RegExp, name: string])[] = [
  [/^[SHZ]?SCAN$/, 'a scan visits elements in the order of their hashes'],
  [/^S(UNION|DIFF|INTER)(STORE)?$/, 'sets are combined in the order of hashes'],
  [/^(SPOP|[SZ]RANDMEMBER|HRANDFIELD)$/, 'members are drawn'],
];

/** Causes of differences in what is freed during a command. */
const CAUSES_OF_FREES: typeof CAUSES_BY_COMMAND = [
  [
    /^(DEL|UNLINK|RENAME|FLUSH(DB|ALL)|EXPIRE|[SZ](UNION|INTER|DIFF)STORE)$/,
    'tables are freed in the order of hashes',
  ],
];

/** Returns the name of the cause of a difference; undefined if it has none. `command` is in capitals. */
export function causeOf(
  sides: Sides,
  alignment: Alignment,
  place: Difference,
  command: string,
): string | undefined {
  const byCommand = causeOfOrder(command);
  if (byCommand !== undefined) return byCommand;
  const ofFrees = CAUSES_OF_FREES.find(([commands]) => commands.test(command))?.[1];
  const causes = (['server', 'model'] as const).flatMap((side) => {
    const { list, indexes } = alignment[side];
    return indexes.slice(place[side].from, place[side].to).map((index) => {
      const use = sides[side].useOf(list.owners[index]!);
      const token = list.text(list.tokens[index]!);
      if (ofFrees !== undefined && token.startsWith('-')) return { name: ofFrees };
      return CAUSES.find((cause) => cause[side].test(use) && cause.tokens?.test(token) !== false);
    });
  });
  const known = causes.find((cause) => cause !== undefined);
  // What has no cause of its own may have changed places with what has one.
  return known !== undefined && (!causes.includes(undefined) || isReordered(alignment, place))
    ? known.name
    : undefined;
}

/** Returns the cause for which a command, whose name is in capitals, may use other regions than the server's. */
export function causeOfOrder(command: string): string | undefined {
  return CAUSES_BY_COMMAND.find(([commands]) => commands.test(command))?.[1];
}

/** Whether both sides ask for the same, in another order. */
function isReordered({ server, model }: Alignment, place: Difference): boolean {
  const ofServer = sortedTokens(server, place.server);
  const ofModel = sortedTokens(model, place.model);
  return ofServer.length === ofModel.length && ofServer.every((token, at) => token === ofModel[at]);
}

function sortedTokens(lane: Lane, { from, to }: Span): number[] {
  const tokens: number[] = [];
  for (let at = from; at < to; at++) tokens.push(lane.token(at));
  return tokens.sort((a, b) => a - b);
}
