/** The facts that a server binary prints for `--version`. */
import { execFile } from 'node:child_process';
import { resolve as absolute } from 'node:path';
import { InputError } from '../base/index.js';

export interface ServerBinary {
  /** Absolute, or a name on PATH, since servers are started in a directory of their own. */
  readonly path: string;
  readonly product: 'redis' | 'valkey';
  readonly version: string;
  /** The allocator, for example `jemalloc-5.3.0`. */
  readonly malloc: string;
}

const VERSION_TIMEOUT_MS = 10_000;

export async function inspectBinary(path: string): Promise<ServerBinary> {
  const text = await versionText(path);
  // An example: Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0
  const found = /^(Redis|Valkey|Server) server v=(\S+) .*\bmalloc=(\S+) bits=(\d+)/m.exec(text);
  if (found === null) {
    throw new InputError(
      `--server-bin ${path}: answers --version with "${text.trim().split('\n')[0]?.slice(0, 60)}"; ` +
        'name the redis-server of Redis 6 or later, or a valkey-server',
    );
  }
  const [, product = '', version = '', malloc = '', bits = ''] = found;
  if (!malloc.startsWith('jemalloc')) {
    throw new InputError(
      `--server-bin ${path}: built with ${malloc}, which has no size classes to compare; ` +
        'name a server built with MALLOC=jemalloc, as distributions do',
    );
  }
  if (bits !== '64') {
    throw new InputError(
      `--server-bin ${path}: a ${bits}-bit server; only 64-bit servers are modelled, name one`,
    );
  }
  return {
    path: path.includes('/') ? absolute(path) : path,
    product: product === 'Valkey' ? 'valkey' : 'redis',
    version,
    malloc,
  };
}

function versionText(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(path, ['--version'], { timeout: VERSION_TIMEOUT_MS, encoding: 'utf8' }, (error, stdout) => {
      const { code, killed } = (error ?? {}) as { code?: string | number; killed?: boolean };
      if (code === 'ENOENT') {
        const where = path.includes('/') ? 'there is no such file' : 'it is not on PATH';
        reject(
          new InputError(
            `--server-bin ${path}: ${where}; install it (Debian: apt-get install redis-server) or give its path`,
          ),
        );
      } else if (code === 'EACCES') {
        reject(new InputError(`--server-bin ${path}: it is not executable; name an executable file`));
      } else if (killed === true) {
        reject(
          new InputError(
            `--server-bin ${path}: no output for --version within ${VERSION_TIMEOUT_MS / 1000} s; name a redis-server`,
          ),
        );
      } else {
        // The output decides, since a program that is no server may exit with any code.
        resolve(stdout);
      }
    });
  });
}
