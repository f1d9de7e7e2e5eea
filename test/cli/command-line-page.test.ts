import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeOption } from '#slablab/src/cli/help.js';
import { makeProgram } from '#slablab/src/cli/program.js';
import { faultsOf } from '../house/language.js';
import { commandLinePage } from './support/command-line-page.js';

let program: Command;
beforeAll(async () => {
  program = await makeProgram();
});

describe('the help of the program', () => {
  test('equals docs/command-line.md, which `make docs` updates', async () => {
    await expect(commandLinePage(program)).toMatchFileSnapshot('../../docs/command-line.md');
  });

  test('describes commands, arguments and options in plain phrases that begin with a capital', () => {
    for (const command of [program, ...program.commands]) {
      const options = command.options.map(describeOption);
      const args = command.registeredArguments.map(({ description }) => description);
      for (const description of [command.description(), ...args, ...options]) {
        expect(description).toMatch(/^[A-Z]/);
        const sentence = description.replace(/: \S+(?: \| \S+)+/, '');
        expect(faultsOf(sentence), description).toEqual([]);
      }
    }
  });
});
