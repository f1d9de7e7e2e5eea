import { defineConfig, type Plugin } from 'vite';
import { CarriedPackages, noticesText } from '../vite.notices.js';

const carried = new CarriedPackages();

/** The view without the lab as one file, dist/web/single.html: recordings take the place of `@RECORDINGS@`. */
export default defineConfig({
  base: './',
  plugins: [carried.collector(), inOneFile()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: false,
    target: 'es2022',
    reportCompressedSize: false,
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: 'web/single.html',
      output: { codeSplitting: false },
      checks: { pluginTimings: false },
    },
  },
});

/** Puts scripts and styles where the page refers to them. */
function inOneFile(): Plugin {
  return {
    name: 'in-one-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = bundle['single.html'];
      if (page?.type !== 'asset') throw new Error('there is no single.html to put scripts into');
      let html = `${page.source}`;
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue;
        const at = html.search(new RegExp(`<(script|link)[^>]*"\\./${name.replaceAll('.', '\\.')}"`));
        if (at < 0) throw new Error(`single.html does not refer to ${name}, so it cannot be in it`);
        const end = html.indexOf(file.type === 'chunk' ? '</script>' : '>', at);
        // A module runs after the whole page is parsed, wherever its script element stands.
        const inlined =
          file.type === 'chunk'
            ? `<script type="module">${file.code.replaceAll('</script', '<\\/script')}</script>`
            : `<style>${file.source}</style>`;
        const after = end + (file.type === 'chunk' ? '</script>'.length : 1);
        html = html.slice(0, at) + inlined + html.slice(after);
        delete bundle[name];
      }
      page.source = html.replace('@NOTICES@', () => noticesText(carried.notices()));
    },
  };
}
