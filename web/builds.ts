/** The allocator builds in this page, and their addresses. */
import { InputError } from '../src/base/index.js';

const urls = import.meta.glob<string>(['../wasm/build/*.wasm', '!../wasm/build/*-bare.wasm'], {
  query: '?url',
  import: 'default',
  eager: true,
});

const byName = new Map(
  Object.entries(urls).map(([path, url]) => [path.replace(/^.*\/(.*)\.wasm$/, '$1'), url] as const),
);

export const BUILDS: readonly string[] = [...byName.keys()].sort();

/** Returns the addresses of all builds, by name. */
export function buildUrls(): Record<string, string> {
  return Object.fromEntries(BUILDS.map((build) => [build, buildUrl(build)]));
}

export function buildUrl(build: string): string {
  const url = byName.get(build);
  if (url !== undefined) return new URL(url, location.href).href;
  throw new InputError(
    `build ${build} is not in this page, which has ${BUILDS.join(', ')}; \`make web BUILD=${build}\` makes a page with it`,
  );
}
