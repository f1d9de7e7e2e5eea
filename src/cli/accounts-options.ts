/** The options of `run` for accounts of memory. */
import type { Option } from 'commander';
import { OWNER_ORDERS } from '../analysis/index.js';
import { InputError, utf8AsLatin1 } from '../base/index.js';
import { RunAccounts, type RunSource, TRACE_GROUPINGS, TraceAccounts } from '../run/index.js';
import { append, choiceOption } from './arguments.js';
import { DependentOption } from './dependent-option.js';
import type { RunCommandOptions } from './run-options.js';

type AccountsOptions = Pick<
  RunCommandOptions,
  'types' | 'owners' | 'pattern' | 'slab' | 'ownersBy' | 'ownerFrame'
>;

/** Returns `--pattern`, which `run`, `serve` and `attach` share. */
export function patternOption(): Option {
  return new DependentOption(
    '--pattern <pattern>',
    'Key pattern to attribute memory to, in the syntax of KEYS (default: inferred from key names); repeatable',
    '--owners',
  ).argParser(append);
}

/** Returns `--owners-by`. */
export function ownersByOption(): Option {
  const { parseArg } = choiceOption('--owners-by <grouping>', '', TRACE_GROUPINGS);
  const option = new DependentOption(
    '--owners-by <grouping>',
    `Owners of a recorded program: ${TRACE_GROUPINGS.join(' | ')}`,
    '--owners',
  );
  option.argParser((value) => parseArg?.(value, undefined));
  option.defaultValueDescription = TRACE_GROUPINGS[0];
  return option;
}

/** Returns `--owner-frame`. */
export function ownerFrameOption(): Option {
  return new DependentOption(
    '--owner-frame <frame>',
    'Frame that names a call site: its number, 0 for the caller of malloc, or a pattern of function names (default: 0)',
    '--owners',
  ).argParser((value) => (/^\d+$/.test(value) ? Number(value) : value));
}

/** Returns `--owners-sort`. */
export function ownersSortOption(): Option {
  const { parseArg } = choiceOption('--owners-sort <order>', '', OWNER_ORDERS);
  const option = new DependentOption(
    '--owners-sort <order>',
    `Order of the owners: ${OWNER_ORDERS.join(' | ')}`,
    '--owners',
  );
  option.argParser((value) => parseArg?.(value, undefined));
  option.defaultValueDescription = OWNER_ORDERS[0];
  return option;
}

/** Returns the accounts that the options ask for, or undefined. */
export function accountsOf({
  types = false,
  owners = false,
  pattern = [],
  slab,
}: AccountsOptions): RunAccounts | undefined {
  if (!types && !owners) return undefined;
  return new RunAccounts({ owners, patterns: pattern.map(utf8AsLatin1), slab });
}

/** Returns the accounts of a recorded program that the options ask for, or undefined. */
export function traceAccountsOf({
  owners = false,
  ownersBy = TRACE_GROUPINGS[0],
  ownerFrame = 0,
  slab,
}: AccountsOptions): TraceAccounts | undefined {
  return owners ? new TraceAccounts({ by: ownersBy, frame: ownerFrame, slab }) : undefined;
}

/** Refuses accounts for a source without a modelled server, which alone knows what its memory is for. */
export function requireModel(
  input: string,
  { isModelled }: RunSource,
  { owners = false }: AccountsOptions,
): void {
  if (isModelled) return;
  throw new InputError(
    `${owners ? '--owners' : '--types'} with ${input}: only a modelled server can attribute its memory, and these ` +
      'operations have none; run the commands that they were made from',
  );
}
