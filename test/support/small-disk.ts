import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';

const PREFIX = join(tmpdir(), 'slablab-small-disk-');

function mount(directory: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'pipe' });
}

function unmount(directory: string): void {
  execFileSync('umount', ['--lazy', directory], { stdio: 'pipe' });
}

function obstacle(): string | undefined {
  const directory = mkdtempSync(PREFIX);
  try {
    mount(directory, 'size=64k');
    unmount(directory);
    return undefined;
  } catch {
    return 'only root may mount a small disk';
  } finally {
    rmdirSync(directory);
  }
}

const why = obstacle();

/** A test with a file system of its own, mounted with `options`. Without the rights for one it is skipped. */
export function withSmallDisk(
  name: string,
  options: string,
  body: (directory: string) => Promise<void>,
): void {
  if (why !== undefined) {
    test.skip(`${name} (skipped: ${why})`, () => {});
    return;
  }
  test(name, async () => {
    const directory = await mkdtemp(PREFIX);
    mount(directory, options);
    try {
      await body(directory);
    } finally {
      unmount(directory);
      await rmdir(directory);
    }
  });
}
