/** Emits the service worker that keeps the files of a build, so that the page works without its host. */
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

export function offlineWorker(): Plugin {
  return {
    name: 'offline-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      // Another build writes single.html.
      const files = [
        './',
        './single.html',
        './THIRD-PARTY-NOTICES.txt',
        ...Object.keys(bundle).map((name) => `./${name}`),
      ];
      const kept = files.filter((name) => !/index\.html$/.test(name)).sort();
      const digest = createHash('sha256');
      // Names of assets contain a hash of their content.
      digest.update(JSON.stringify([...Object.keys(bundle)].sort()));
      const source = WORKER.replace('@CACHE@', `slablab-${digest.digest('hex').slice(0, 16)}`).replace(
        '@FILES@',
        JSON.stringify([...new Set(kept)]),
      );
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}

/** Assets come from the cache, and the two pages, whose names have no hash, from their host as long as that answers. */
const WORKER = `const CACHE = '@CACHE@';
const FILES = @FILES@.map((name) => new URL(name, registration.scope).href);
const PAGES = ['./', './single.html'].map((name) => new URL(name, registration.scope).href);
addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});
addEventListener('activate', (event) => {
  const isOld = (name) => name.startsWith('slablab-') && name !== CACHE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)))),
  );
});
addEventListener('fetch', (event) => {
  const { request } = event;
  const url = request.url.replace(/[?#].*$/, '').replace(/index\\.html$/, '');
  if (request.method !== 'GET' || !FILES.includes(url)) return;
  const kept = () => caches.match(url, { cacheName: CACHE });
  const fetched = () => fetch(request);
  event.respondWith(
    PAGES.includes(url)
      ? fetched().catch(async () => (await kept()) ?? Response.error())
      : kept().then((response) => response ?? fetched()),
  );
});
`;
