/** A lab that stops says so: to clients, in the log, and at the end. Clients are served on. */
import { expect, test } from 'vitest';
import { RawClient, withStandalone } from './support/servers.js';

test('a full heap is reported when it happens, and the store answers on', async () => {
  const notes: string[] = [];
  await withStandalone(
    async (standalone) => {
      const client = await RawClient.open(standalone.port);
      for (let key = 0; key < 9; key++) {
        expect(await client.write(`SETRANGE k${key} 400000000 x\r\n`).next()).toBe(':400000001\r\n');
      }
      await expect
        .poll(() => notes)
        .toEqual([expect.stringMatching(/^the lab has stopped;.*the simulated heap is full/s)]);
      const info = await client.write('INFO memory\r\n').next();
      expect(info).toMatch(/mem_lab_health:stopped\r\nmem_lab_failure:.*the simulated heap is full/);
      expect(await client.write('MEMORY STATS\r\n').next()).toMatch(
        /^-ERR the lab has stopped: the simulated heap is full/,
      );
      expect(await client.write('STRLEN k1\r\n').next()).toBe(':400000001\r\n');
      const { lab } = await standalone.summary();
      expect(lab?.failure).toMatch(/^the simulated heap is full/);
      client.close();
    },
    { onNote: (note) => notes.push(note) },
  );
});

test('a command that a server refuses for its words changes nothing', () =>
  withStandalone(async (standalone) => {
    const client = await RawClient.open(standalone.port);
    await client.write('SET a b\r\n').next();
    const refused = await client.write('XREADGROUP GROUP g a COUNT 3 STREAMS >\r\n').next();
    expect(refused).toMatch(/^-ERR Unbalanced XREAD list of streams/);
    expect(await client.write('INFO memory\r\n').next()).toMatch(/mem_lab_health:ok\r\n/);
    expect((await standalone.summary()).lab).toMatchObject({ keys: 1, failure: null });
    client.close();
  }));

test('unknown names are refused by the store, and leave nothing in the lab', () =>
  withStandalone(async (standalone) => {
    const client = await RawClient.open(standalone.port);
    for (let at = 0; at < 150; at++) await client.write(`U${at}${'u'.repeat(5000)}\r\n`).next();
    expect((await standalone.summary()).lab).toMatchObject({
      unknown: [],
      notCarriedOut: 150,
      failure: null,
    });
    client.close();
  }));
