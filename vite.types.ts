import { existsSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import type { Plugin } from 'vite';

/** Returns a plugin that puts the declarations reachable from one of tsc's beside the bundle, as one file. */
export function emitTypes(declarations: string, fileName: string): Plugin {
  return {
    name: 'emit-types',
    async generateBundle() {
      if (!existsSync(declarations))
        this.error(`${declarations} is not there; call npx tsc -p tsconfig.json`);
      const bundle = await rolldown({
        input: declarations,
        external: /^node:/,
        checks: { pluginTimings: false },
        plugins: [dts({ dtsInput: true, tsconfig: false })],
      });
      const { output } = await bundle.generate();
      await bundle.close();
      this.emitFile({ type: 'asset', fileName, source: output[0].code });
    },
  };
}
