import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { drawing } from './drawing.js';
import { importsOf, ROOT, readSources } from './import-graph.js';
import { LAYERS } from './rooms.js';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('the drawing of the rooms is that of the imports (`make docs` draws it again)', async () => {
  await expect(drawing(importsOf(readSources()))).toMatchFileSnapshot(join(ROOT, 'docs/architecture.svg'));
});

test('the README stays short', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(121);
});

test.each(DOCUMENTS)('%s: every link to a file leads to one, every anchor to a heading', (path) => {
  const dead = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const there = file === '' ? join(ROOT, path) : join(ROOT, dirname(path), file);
      if (!existsSync(there)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(there, 'utf8')).includes(anchor);
    });
  expect(dead).toEqual([]);
});

test.each(DOCUMENTS)('%s: every path in code that begins in a tree of the checkout is there', (path) => {
  const missing = [...read(path).matchAll(/`((?:src|test|web|workloads|native|wasm|docs)\/[\w./-]*[\w/])`/g)]
    .map(([, name = '']) => name)
    .filter((name) => !existsSync(join(ROOT, name)) && !/^(?:wasm|native)\/build/.test(name));
  expect(missing).toEqual([]);
});

test('every room has a README', () => {
  const rooms = LAYERS.flat().filter((room) => room !== 'library');
  const directories = rooms.map((room) => (existsSync(join(ROOT, 'src', room)) ? `src/${room}` : room));
  const without = directories.filter((directory) => !existsSync(join(ROOT, directory, 'README.md')));
  expect(without).toEqual([]);
  expect(directories.every((directory) => statSync(join(ROOT, directory)).isDirectory())).toBe(true);
});

/** Returns the anchors of headings, as hosts of Markdown make them. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
