/** Unsorted results of GEOSEARCH, and what ANY finds, are in the order of a server. */
import { expect } from 'vitest';
import { Random } from '#slablab/src/base/index.js';
import { Server } from '../input/support/server.js';
import { withRealServer } from '../support/real-server.js';
import { printedSeed } from '../support/seed.js';
import { answered, differences } from './answers/answering.js';
import { repliesOf } from './answers/exchange.js';

const SETS = 40;
const SEARCHES = 10;

function* commandsOf(random: Random): Generator<string[]> {
  const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)]!;
  const share = () => random.below(1_000_000) / 1_000_000;
  for (let set = 0; set < SETS; set++) {
    yield ['DEL', 'g'];
    const longitude = pick([0, 179.9, -179.9, share() * 360 - 180]);
    const latitude = pick([0, 84, -84, share() * 160 - 80]);
    const spread = pick([0.01, 1, 10, 60]);
    const places: string[] = [];
    for (let member = 0; member < pick([3, 20, 150]); member++) {
      const x = ((longitude + (share() - 0.5) * spread * 2 + 540) % 360) - 180;
      const y = Math.max(-85, Math.min(85, latitude + (share() - 0.5) * spread * 2));
      places.push(x.toFixed(6), y.toFixed(6), `m${member}`);
    }
    yield ['GEOADD', 'g', ...places];
    for (let search = 0; search < SEARCHES; search++) {
      const from = pick([
        ['FROMMEMBER', 'm0'],
        ['FROMLONLAT', longitude.toFixed(5), latitude.toFixed(5)],
      ]);
      const size = (pick([0, 1, 10, 100, 1000, 5000, 20_000]) * share()).toFixed(3);
      const shape = pick([
        ['BYRADIUS', size, 'km'],
        ['BYBOX', size, (Number(size) * share() * 2).toFixed(3), pick(['km', 'mi'])],
      ]);
      const limit = pick([[], [], ['COUNT', '3', 'ANY'], ['COUNT', '5', 'ANY', 'DESC']]);
      yield ['GEOSEARCH', 'g', ...from, ...shape, ...limit];
      yield ['GEOSEARCHSTORE', 'found', 'g', ...from, ...shape, ...limit];
      yield ['ZRANGE', 'found', '0', '-1'];
    }
  }
}

withRealServer('places in cells of a grid, at the edges of the map and at the poles', async (binary) => {
  const sent = [...commandsOf(new Random(printedSeed('geo order')))];
  const server = await Server.start(binary, []);
  try {
    const replies = await repliesOf(server.port, sent);
    expect(replies.filter((reply) => reply.length > 30).length).toBeGreaterThan(SETS);
    expect(differences(answered('redis-7.0', sent, Date.now()), replies)).toEqual([]);
  } finally {
    await server.remove();
  }
});
