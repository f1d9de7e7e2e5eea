/**
 * A lock for one writer at a time. It is a socket in the directory of the output, on which its holder listens. The kernel
 * closes it with its process, however that ends. A socket without a listener is no lock, and is removed.
 *
 * A file with a process number would not do. Containers that share a directory number their processes differently, and
 * numbers are used again. A socket needs neither /proc nor flock, which Node.js lacks, and works on macOS, too.
 *
 * Each writer looks for the others when it has its own socket. Of two that begin together, both see the other, and the
 * later one yields. No name is used twice, and a young socket is left alone, so removing a dead socket never removes a
 * lock.
 */
import { open } from 'node:fs/promises';
import type { Server } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../base/index.js';
import { LockSockets } from './lock-sockets.js';
import { aboutOutput } from './output-error.js';

const POLL_MS = 20;
/** The time for another writer to yield, if its clock makes it the later one. */
const PATIENCE_MS = 1000;

/** The errors of a file system that has no sockets. */
const WITHOUT_SOCKETS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

interface OutputLock {
  /** Whether others are kept away, which a file system without sockets cannot do. */
  readonly isHeld: boolean;
  release(): Promise<void>;
}

/** Locks `path`, which need not exist. If it is held, throws an InputError with the holder's process and the `remedy`. */
export function lockOutput(path: string, remedy: string): Promise<OutputLock> {
  return aboutOutput(path, async () => {
    const directory = await open(dirname(path), 'r');
    const sockets = new LockSockets(path, directory.fd);
    let server: Server | undefined;
    const release = async () => {
      await closed(server);
      await directory.close();
    };
    try {
      server = await sockets.listen();
      await untilFirst(sockets, path, remedy);
      return { isHeld: true, release };
    } catch (error) {
      await release();
      const isWithoutSockets = WITHOUT_SOCKETS.has((error as NodeJS.ErrnoException).code ?? '');
      if (server === undefined && isWithoutSockets) return { isHeld: false, release: async () => {} };
      throw error;
    }
  });
}

async function untilFirst(sockets: LockSockets, path: string, remedy: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const { living, hasBeginning } = await sockets.others();
    const [first] = living;
    if (first === undefined && !hasBeginning) return;
    if (first !== undefined && (first < sockets.own || performance.now() > deadline)) {
      throw new InputError(`${path}: process ${sockets.processOf(first)} is writing it; ${remedy}`);
    }
    await sleep(POLL_MS);
  }
}

function closed(server: Server | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (server === undefined) resolve();
    else server.close(() => resolve());
  });
}
