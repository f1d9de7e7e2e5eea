import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const EXAMPLES = 'docs/scale';

async function documentsIn(name: string): Promise<Record<string, unknown>[]> {
  const documents = parseAllDocuments(await readFile(`${EXAMPLES}/${name}`, 'utf8'), { strict: true });
  for (const document of documents) {
    expect([...document.errors, ...document.warnings]).toEqual([]);
  }
  return documents.map((document) => document.toJS() as Record<string, unknown>);
}

test('the compose file has a queue that keeps its cells, and workers that name it', async () => {
  const [{ services } = {}] = await documentsIn('compose.yaml');
  expect(services).toMatchObject({
    queue: { command: expect.arrayContaining(['noeviction', '--appendonly']) },
    worker: { command: expect.arrayContaining(['redis://queue']) },
  });
});

test('the Kubernetes file has documents of known kinds, and scales the deployment that it has', async () => {
  const documents = await documentsIn('kubernetes.yaml');
  expect(documents.map(({ kind }) => kind)).toEqual(['Secret', 'Deployment', 'ScaledObject']);
  for (const { apiVersion, metadata } of documents) {
    expect(apiVersion).toEqual(expect.any(String));
    expect(metadata).toMatchObject({ name: expect.any(String) });
  }
  const [, deployment, scaled] = documents;
  expect(scaled).toMatchObject({
    spec: { scaleTargetRef: { name: (deployment!.metadata as { name: string }).name } },
  });
});

test('the container file has instructions only, and starts a worker', async () => {
  const lines = (await readFile(`${EXAMPLES}/Containerfile`, 'utf8')).trim().split('\n');
  const instructions = lines.filter((line) => !line.startsWith('#'));
  for (const line of instructions) {
    expect(line).toMatch(/^(FROM|RUN|USER|VOLUME|EXPOSE|ENTRYPOINT|CMD) \S/);
  }
  const listed = instructions.filter((line) => /^(ENTRYPOINT|CMD)/.test(line));
  const words = listed.map((line) => JSON.parse(line.slice(line.indexOf('['))) as string[]);
  expect(words[0]).toEqual(['slablab', 'worker']);
});

test.each(['compose.yaml', 'kubernetes.yaml', 'Containerfile'])(
  '%s says that it was not run',
  async (name) => {
    const text = await readFile(`${EXAMPLES}/${name}`, 'utf8');
    expect(text).toMatch(/checked for its syntax only; it was not (run|built)/);
  },
);
