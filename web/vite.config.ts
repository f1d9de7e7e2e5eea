import { defineConfig, type Plugin } from 'vite';
import { CarriedPackages, emitNotices } from '../vite.notices.js';
import { offlineWorker } from './vite.offline.js';

const carried = new CarriedPackages();

/** The page: static files for any host and any path on it. */
export default defineConfig({
  base: './',
  plugins: [carried.collector(), emitNotices(carried), contentPolicy(), offlineWorker()],
  worker: { format: 'es', plugins: () => [carried.collector()] },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

/** The page may load its own files and no others, and send nothing anywhere. A development server needs more. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function contentPolicy(): Plugin {
  return {
    name: 'content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
