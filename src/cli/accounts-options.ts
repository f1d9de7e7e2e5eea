import { InputError, utf8AsLatin1 } from '../base/index.js';
import { Accounts, type RunSource } from '../run/index.js';
import type { RunCommandOptions } from './run-options.js';

type Asked = Pick<RunCommandOptions, 'types' | 'owners' | 'pattern' | 'slab'>;

/** Undefined if nothing of the kind is asked for. */
export function accountsOf({
  types = false,
  owners = false,
  pattern = [],
  slab,
}: Asked): Accounts | undefined {
  if (!owners && pattern.length > 0) throw new InputError('--pattern is for --owners: give that as well');
  if (!owners && slab !== undefined) throw new InputError('--slab is for --owners: give that as well');
  if (!types && !owners) return undefined;
  return new Accounts({ owners, patterns: pattern.map(utf8AsLatin1), slab });
}

/** Only a modelled server knows what its memory is for. */
export function needModel(what: string, { isModelled }: RunSource, { owners }: Asked): void {
  if (isModelled) return;
  throw new InputError(
    `${owners === true ? '--owners' : '--types'} with ${what}: only a modelled server knows whose its memory is, and ` +
      'these operations come from none; run the commands that they were made of',
  );
}
