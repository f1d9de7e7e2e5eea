import { afterEach, expect } from 'vitest';
import { commandTable } from '#slablab/src/model/index.js';
import { verifyReport } from '#slablab/src/report/node.js';
import { serverVersion } from '#slablab/src/run/index.js';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { withRealServer } from '../support/real-server.js';
import { expectValid } from '../support/schemas.js';
import { heldToServer } from './live.js';

let restore = () => {};
afterEach(() => restore());

withRealServer('verify reports a command that the lab could not carry out', async (binary) => {
  const { product, version } = await inspectBinary(binary);
  const name = `${product}-${version.split('.').slice(0, 2).join('.')}`;
  const spec = commandTable(serverVersion(name)).named('append')!;
  const { handler } = spec;
  restore = () => Object.assign(spec, { handler });
  Object.assign(spec, {
    handler: () => {
      throw new RangeError('size 0');
    },
  });
  const { result } = await heldToServer({
    binary,
    name: 'traffic',
    said: () => [
      { client: 0, words: ['SET', 'k', 'v'] },
      { client: 0, words: ['APPEND', 'k', 'x'] },
    ],
    settleMs: 100,
  });
  expect(result.lab.gaps).toMatchObject({ count: 1, first: [{ name: 'APPEND' }] });
  await expectValid(result);
  const terminal = { width: 100, colours: false } as unknown as Parameters<typeof verifyReport>[1];
  expect(verifyReport(result, terminal)).toContain('1 command could not be carried out');
});
