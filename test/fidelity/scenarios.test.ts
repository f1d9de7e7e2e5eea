import { describe, expect, test } from 'vitest';
import { commandsOf } from '#slablab/src/commands/index.js';
import { findServer } from '#slablab/src/model/index.js';
import { differences, modelTraces, tracedCommands } from './scenarios.js';

const SCENARIOS = ['strings', 'containers', 'more'];

/** Servers with the models that are held to them, by the scenarios that were traced. */
const TRACED = [
  ['redis-7.4.1', 'redis-7.4', ['strings', 'containers']],
  ['redis-8.0.2', 'redis-8.0', SCENARIOS],
  ['redis-8.6.3', 'redis-8.6', [...SCENARIOS, 'newer']],
] as const;

/** Commands whose requests are not compared, and why. */
const NOT_COMPARED: ReadonlyMap<string, string> = new Map([
  ...each('the blocks of a reply depend on its text', ['GET v33000', 'HGETALL ht', 'SMEMBERS']),
  ...each('an earlier command’s query buffer is cut now', [
    ...['MSET 2 new', 'RENAME emb', 'GETSET', 'SET v33000', 'SET over key with expire (no KEEPTTL)'],
  ]),
  ...each('the version refuses it', ['INCREX?', 'SMOVE', 'XADD IDMP?', 'XADD IDMP again?']),
  ...each('which member goes is left to chance', ['SPOP', 'SINTER', 'DEL', 'ZUNIONSTORE']),
  ...each('it is a module’s', ['VADD?', 'VADD 2nd?', 'VREM?']),
  ...each('Lua’s own memory is not modelled', ['EVAL', 'EVAL again']),
  ...each('dumped values are compressed, which the model does not know', ['RESTORE']),
  ...each('an array is kept longer', ['BLPOP nonblock', 'GEOADD', 'LMOVE', 'XADD new', 'XREADGROUP']),
  ...each('not modelled: commands that are parsed ahead', ['RPUSH to quicklist', 'QUEUED', 'EXEC']),
  ...each('not modelled', ['HINCRBYFLOAT']),
]);

function each(reason: string, names: readonly string[]): [string, string][] {
  return names.map((name) => [name, reason]);
}

describe.each(TRACED)('%s, command by command', (server, model, scenarios) => {
  test.each(scenarios)('%s', (scenario) => {
    const commands = tracedCommands(server, scenario);
    const modelled = modelTraces(model, commands);
    const isRefused = (word: string) => !commandsOf(findServer(model)!).has(word);
    const differing = commands.flatMap(({ name, words, recorded }, index) => {
      if (recorded === undefined || NOT_COMPARED.has(name) || isRefused(words[0] ?? '')) return [];
      const found = differences(words[0] ?? '', recorded, modelled[index] ?? []);
      return found.length === 0 ? [] : [`${name}: ${found.join(', ')}`];
    });
    expect(differing).toEqual([]);
  });
});
