import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { nearestServer } from '#slablab/src/model/index.js';
import type { ServerBinary } from '#slablab/src/verify/server-binary.js';

const BINARY = process.env.SLABLAB_REAL_SERVER ?? 'redis-server';

/** What keeps tests from using a real server, or undefined if nothing does. */
function obstacle(): string | undefined {
  try {
    const said = execFileSync(BINARY, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /malloc=jemalloc/.test(said) ? undefined : `${BINARY} is not built with jemalloc`;
  } catch {
    return `there is no ${BINARY}; make test installs Debian's`;
  }
}

/** How long tests wait for a reply. A machine with other work is slow; only a server that hangs takes as long. */
export const PATIENCE = { replyMs: 600_000 };

const why = obstacle();

/**
 * A test that needs Debian's redis-server. Without one it is skipped, with the reason in its name; where
 * SLABLAB_NEED_SERVER is set (continuous integration sets it up), it fails.
 */
export function withRealServer(
  name: string,
  body: (binary: string) => Promise<void>,
  timeoutMs?: number,
): void {
  if (why === undefined) test(name, () => body(BINARY), timeoutMs);
  else if (process.env.SLABLAB_NEED_SERVER) test(name, () => Promise.reject(new Error(why)));
  else test.skip(`${name} (skipped: ${why})`, () => {});
}

/** Where `make servers` puts what it obtains. */
const OBTAINED = new URL('../../native/build/servers/', import.meta.url);

/** Returns where `make servers` puts a server, such as valkey-9.1. */
export function obtainedServer(server: string): string {
  const product = server.slice(0, server.indexOf('-'));
  return fileURLToPath(new URL(`${server}/${product}-server`, OBTAINED));
}

/** A test on a server that `make servers` obtains, such as valkey-9.1. Without it, the test is skipped and says so. */
export function withObtainedServer(
  server: string,
  name: string,
  body: (binary: string) => Promise<void>,
  timeoutMs?: number,
): void {
  const path = obtainedServer(server);
  if (existsSync(path)) test(`${server}: ${name}`, () => body(path), timeoutMs);
  else test.skip(`${server}: ${name} (skipped: there is no ${server}; make servers obtains it)`, () => {});
}

/** What models a real server: the version nearest to it, on the jemalloc that its product bundles or the distribution's. */
export function modelOfReal({ product, version }: Pick<ServerBinary, 'product' | 'version'>): {
  readonly server: string;
  readonly build: string;
} {
  const build =
    process.env.SLABLAB_REAL_BUILD ?? (process.env.SLABLAB_REAL_SERVER === undefined ? 'q4' : 'q3');
  return { server: nearestServer(product, version).name, build };
}
