import { redis70 } from './redis-7.0.js';
import { redis72 } from './redis-7.2.js';
import { redis74 } from './redis-7.4.js';
import { redis80 } from './redis-8.0.js';
import { redis86 } from './redis-8.6.js';
import type { ServerVersion } from './server-version.js';
import { valkey80 } from './valkey-8.0.js';
import { valkey81 } from './valkey-8.1.js';
import { valkey91 } from './valkey-9.1.js';

/** The versions that are modelled. */
export const SERVERS: readonly ServerVersion[] = [
  redis70,
  redis72,
  redis74,
  redis80,
  redis86,
  valkey80,
  valkey81,
  valkey91,
];

/** The version that workloads and the standalone lab run on if none is named. */
export const DEFAULT_VERSION: ServerVersion = redis72;
/** The version that stands for the server of traffic and of files that name none. */
const TRAFFIC_VERSION: ServerVersion = valkey91;
export const TRAFFIC_SERVER = TRAFFIC_VERSION.name;
export const DEFAULT_SERVER = DEFAULT_VERSION.name;
/** Another version's name, for the examples of help texts. */
export const OTHER_SERVER = valkey80.name;

export function findServer(name: string): ServerVersion | undefined {
  return SERVERS.find((server) => server.name === name);
}

/** Returns the name that a release of a product has here: `redis` and `7.2.6` make `redis-7.2`. */
export function serverNameOf(product: string, release: string): string {
  return `${product}-${release.split('.').slice(0, 2).join('.')}`;
}

/**
 * Returns the version that stands for a release of a product: its own, or the newest before it. A release that is older than
 * all has the oldest. A product without versions has that of traffic that names none.
 */
export function nearestServer(product: string, release: string): ServerVersion {
  const versions = SERVERS.filter((server) => server.product === product).sort((left, right) =>
    compareSeries(left.release, right.release),
  );
  const earlier = versions.filter((server) => compareSeries(server.release, release) <= 0);
  return earlier.at(-1) ?? versions[0] ?? TRAFFIC_VERSION;
}

/** Compares two releases by their first two numbers. */
function compareSeries(left: string, right: string): number {
  const [major = 0, minor = 0] = left.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = right.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}
