/** Finds the builds on disk, for Node: in wasm/build of the package and native/build of the sources. */
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from './engine.js';
import { BootError } from './engine-errors.js';
import { KNOWN_BUILDS } from './known-builds.js';
import { IS_CHECKOUT, nativeRoot } from './native-sources.js';
import { PACKAGE_ROOT } from './package-root.js';

/** Returns the names of the WebAssembly builds that exist, sorted. */
export async function builds(): Promise<string[]> {
  const files = await readdir(new URL('wasm/build/', PACKAGE_ROOT)).catch(() => []);
  return files
    .filter((file) => file.endsWith('.wasm') && !file.includes('-bare'))
    .map((file) => file.slice(0, -'.wasm'.length))
    .sort();
}

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Compiles a build, or returns the module compiled before. */
export function wasmModule(build: string): Promise<WebAssembly.Module> {
  let module = modules.get(build);
  if (module === undefined) {
    module = compile(build);
    modules.set(build, module);
    module.catch(() => modules.delete(build));
  }
  return module;
}

async function compile(build: string): Promise<WebAssembly.Module> {
  const bytes = await readFile(wasmFile(build)).catch(() => undefined);
  if (bytes === undefined) throw missing(build, 'wasm');
  return WebAssembly.compile(bytes);
}

/** Returns the path of the native twin of a build. `variant` is '', or for tests and benchmarks '-asan' or '-plain'. */
export async function nativeTwin(build: string, variant = ''): Promise<string> {
  const path = join(await nativeRoot(), `native/build/${build}${variant}/lab`);
  if (!(await isThere(path))) throw missing(build, 'native');
  return path;
}

function isThere(path: string | URL): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Returns the SHA-256 of a build's module or twin. Runs of one build are comparable only if their digests agree. */
export async function buildDigest(build: string, runtime: Runtime): Promise<string> {
  const file = runtime === 'native' ? await nativeTwin(build) : wasmFile(build);
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

function wasmFile(build: string): URL {
  return new URL(`wasm/build/${build}.wasm`, PACKAGE_ROOT);
}

function missing(build: string, runtime: Runtime): BootError {
  if (!(KNOWN_BUILDS as readonly string[]).includes(build.replace(/-(bare|asan|plain)$/, ''))) {
    return new BootError(`there is no build '${build}'; builds are ${KNOWN_BUILDS.join(', ')}`);
  }
  const what = runtime === 'native' ? `the native twin of build '${build}'` : `build '${build}'`;
  const command = `make ${runtime} BUILD=${build}`;
  if (IS_CHECKOUT) return new BootError(`${what} has not been made yet; run: ${command}`);
  return new BootError(
    runtime === 'native'
      ? `${what} has not been made yet; run: slablab setup --build ${build}`
      : `${what} is not in the npm package; \`${command}\` makes it in a checkout of slablab`,
  );
}
