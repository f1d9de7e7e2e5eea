import type { CommandRow, ConnectionUse, KeyRange, MovableKeys, ReplyForm } from './command-row.js';
import { isIn, type Release } from './release.js';

/** The flags, in the order in which COMMAND names them. */
const FLAGS = [
  ...(['write', 'readonly', 'denyoom', 'admin', 'pubsub', 'noscript', 'blocking', 'loading'] as const),
  ...(['stale', 'skip_monitor', 'skip_slowlog', 'skip_commandlog', 'asking', 'fast', 'no_auth'] as const),
  ...(['may_replicate', 'no_mandatory_keys', 'no_async_loading', 'no_multi'] as const),
  ...(['movablekeys', 'allow_busy'] as const),
];

type CommandFlag = (typeof FLAGS)[number];

/** The facts of a command in one release, known without carrying it out. */
export interface CommandInfo {
  /** Name in lower case; for a subcommand with its container's in front: 'config|set'. */
  readonly name: string;
  /** Number of arguments including the name; a negative number is a minimum. */
  readonly arity: number;
  readonly flags: ReadonlySet<CommandFlag>;
  readonly keys: KeyRange;
  readonly movable: MovableKeys | undefined;
  readonly connection: ConnectionUse | undefined;
  readonly reply: ReplyForm | undefined;
  readonly runsInMulti: boolean;
  /** Whether the server refuses it when eviction cannot make room. */
  readonly isDeniedWhenFull: boolean;
  /** The commands that argument 1 chooses from, by that argument in lower case. */
  readonly subcommands: ReadonlyMap<string, CommandInfo> | undefined;
}

const NO_KEYS: KeyRange = [0, 0, 0];

/**
 * Returns the commands that a release has by name, subcommands included. Without a release, it returns every command as
 * it is in its oldest release.
 */
export function infosOf(rows: readonly CommandRow[], release?: Release): ReadonlyMap<string, CommandInfo> {
  const chosen = rows.filter(
    ({ since }) => release === undefined || since === undefined || isIn(release, since),
  );
  const infos = new Map<string, CommandInfo>();
  const containers = new Map<string, Map<string, CommandInfo>>();
  for (const { name } of chosen) {
    const [container = '', word] = name.split('|');
    if (word !== undefined) containers.set(container, new Map());
  }
  for (const row of chosen) {
    const [container = '', word] = row.name.split('|');
    const parent = word === undefined ? undefined : infos.get(container);
    if (word !== undefined && parent === undefined) {
      throw new Error(`the table has no row of '${container}' before that of '${row.name}'`);
    }
    if (infos.has(row.name)) throw new Error(`the table has two rows of '${row.name}'`);
    const info = infoOf(row, release, parent?.connection, containers.get(row.name));
    infos.set(row.name, info);
    if (word !== undefined) containers.get(container)?.set(word, info);
  }
  return infos;
}

function infoOf(
  row: CommandRow,
  release: Release | undefined,
  connection: ConnectionUse | undefined,
  subcommands: CommandInfo['subcommands'],
): CommandInfo {
  let { arity } = row;
  const flags = new Set(flagsIn(row.flags));
  for (const { since, arity: newArity, adds, drops } of row.changes ?? []) {
    if (release === undefined || !isIn(release, since)) continue;
    arity = newArity ?? arity;
    for (const flag of flagsIn(drops)) flags.delete(flag);
    for (const flag of flagsIn(adds)) flags.add(flag);
  }
  return {
    name: row.name,
    arity,
    flags: new Set(FLAGS.filter((flag) => flags.has(flag))),
    keys: row.keys ?? NO_KEYS,
    movable: row.movable,
    connection: row.connection ?? connection,
    reply: row.reply,
    runsInMulti: row.runsInMulti === true,
    isDeniedWhenFull: flags.has('denyoom'),
    subcommands,
  };
}

function flagsIn(text = ''): CommandFlag[] {
  return text.split(' ').flatMap((word) => {
    const flag = FLAGS.find((known) => known === word);
    if (flag === undefined && word !== '')
      throw new Error(`the table has a flag '${word}', which no server has`);
    return flag ?? [];
  });
}
