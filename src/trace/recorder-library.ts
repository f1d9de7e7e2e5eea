import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativeSources, PACKAGE_ROOT, userCache } from '../engine/node.js';

const SCRIPT = 'native/recorder/build.sh';

/** The file of the recorder that follows functions with a prefix. */
function fileName(prefix: string): string {
  return `libslablab-record${prefix === '' ? '' : `-${prefix}`}.so`;
}

/** The places where a recorder can be: in the package, and for a package that cannot be written to in the user's cache. */
function placesOf(prefix: string): readonly string[] {
  return [
    fileURLToPath(new URL(`native/build/recorder/${fileName(prefix)}`, PACKAGE_ROOT)),
    join(userCache(), 'recorder', fileName(prefix)),
  ];
}

/** Returns the path of the recorder, or undefined if it has not been made. */
export async function findRecorder(prefix: string): Promise<string | undefined> {
  for (const path of placesOf(prefix)) if (await isReadable(path)) return path;
  return undefined;
}

/** Compiles the recorder with the machine's compiler. Returns its path, or what is missing. */
export async function buildRecorder(prefix: string): Promise<{ path: string } | { missing: string }> {
  const script = join(await nativeSources(), SCRIPT);
  let missing = '';
  for (const path of placesOf(prefix)) {
    const { code, errors } = await run('/bin/sh', [script, path, prefix]);
    if (code === 0) return { path };
    missing = errors;
  }
  return { missing };
}

function run(command: string, args: readonly string[]): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000);
    });
    child.on('error', ({ message }) => resolve({ code: null, errors: message }));
    child.on('close', (code) => resolve({ code, errors: errors.trim() }));
  });
}

function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
