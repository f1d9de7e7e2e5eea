/** The licences of all that a bundle carries, read at build from the files that its sources come with. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.txt';

const ROOT = fileURLToPath(new URL('./', import.meta.url));
const MODULES = `${sep}node_modules${sep}`;

/** Helpers that the bundlers themselves put into a bundle, by the beginning of their module's id. */
const BUNDLERS: readonly (readonly [prefix: string, name: string])[] = [
  ['\0rolldown/', 'rolldown'],
  ['\0vite/', 'vite'],
];

interface Notice {
  readonly work: string;
  readonly text: string;
}

/** The npm packages whose code is in a bundle and in the bundles of its workers. */
export class CarriedPackages {
  readonly #directories = new Set<string>();

  /** Returns a plugin that notes the packages of each chunk. */
  collector(): Plugin {
    return {
      name: 'collect-packages',
      generateBundle: (_, bundle) => {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue;
          for (const [id, { renderedLength }] of Object.entries(file.modules)) {
            const directory = renderedLength > 0 ? packageOf(id) : undefined;
            if (directory !== undefined) this.#directories.add(directory);
          }
        }
      },
    };
  }

  notices(): Notice[] {
    return [...this.#directories].sort().map(packageNotice);
  }
}

/** Returns a plugin that puts the notices of a bundle, and those of the WebAssembly modules, beside it. */
export function emitNotices(carried: CarriedPackages): Plugin {
  return {
    name: 'emit-notices',
    enforce: 'post',
    generateBundle() {
      const source = noticesText([...moduleNotices(), ...carried.notices()]);
      this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source });
    },
  };
}

/** Returns the notices as one text, in which a licence that several works share stands once. */
export function noticesText(notices: readonly Notice[]): string {
  const works = new Map<string, string[]>();
  for (const { work, text } of notices) works.set(text, [...(works.get(text) ?? []), work]);
  const sections = [...works].map(([text, names]) => `${'='.repeat(80)}\n${names.join('\n')}\n\n${text}\n`);
  return `slablab contains work of others, under these licences.\n\n${sections.join('\n')}`;
}

/** Returns the directory of the package that a module belongs to. */
function packageOf(id: string): string | undefined {
  const bundler = BUNDLERS.find(([prefix]) => id.startsWith(prefix));
  if (bundler !== undefined) return join(ROOT, 'node_modules', bundler[1]);
  const at = id.lastIndexOf(MODULES) + MODULES.length;
  if (at < MODULES.length) return undefined;
  const [scope = '', name = ''] = id.slice(at).split(sep);
  const first = id.indexOf(sep);
  return join(id.slice(first, at), scope.startsWith('@') ? join(scope, name) : scope);
}

function packageNotice(directory: string): Notice {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    readonly [field: string]: string;
  };
  const file = readdirSync(directory).find((each) => /^(licen[cs]e|copying)([.-]|$)/i.test(each));
  if (file === undefined) throw new Error(`${directory}: has no licence file, so slablab cannot carry it`);
  return {
    work: `${name} ${version} (${license})`,
    text: ownPart(readFileSync(join(directory, file), 'utf8')),
  };
}

/** A bundler's licence file also lists what the bundler itself is built of, none of which is in its helpers. */
function ownPart(text: string): string {
  return text.split('\n# Licenses of bundled dependencies')[0]!.trim();
}

/** Returns the notices of what the WebAssembly modules are compiled from. */
function moduleNotices(): Notice[] {
  const jemalloc = join(ROOT, 'native/build/jemalloc');
  const versions = existsSync(jemalloc) ? readdirSync(jemalloc).sort() : [];
  if (versions.length === 0)
    throw new Error(`${jemalloc}: has no sources, so no licence; call make wasm first`);
  return [
    ...versions.map((version) => ({
      work: `jemalloc ${version} (BSD-2-Clause), in the WebAssembly modules`,
      text: readFileSync(join(jemalloc, version, 'pristine/COPYING'), 'utf8').trim(),
    })),
    {
      work: 'musl (MIT), the C library in the WebAssembly modules',
      text: readFileSync(join(emscriptenRoot(), 'system/lib/libc/musl/COPYRIGHT'), 'utf8').trim(),
    },
  ];
}

function emscriptenRoot(): string {
  return execFileSync('em-config', ['EMSCRIPTEN_ROOT'], { encoding: 'utf8' }).trim();
}
