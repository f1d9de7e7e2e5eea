import { defineConfig } from 'vite';
import { CarriedPackages, emitNotices } from '../vite.notices.js';

const carried = new CarriedPackages();

/** The page: static files for any host and any path on it. */
export default defineConfig({
  base: './',
  plugins: [carried.collector(), emitNotices(carried)],
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
