import { defineConfig } from 'vite';

/** The page: static files for any host and any path on it. */
export default defineConfig({
  base: './',
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
});
