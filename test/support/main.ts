/** The command line as the package has it. */
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '#slablab/src/engine/node.js';

export const MAIN = fileURLToPath(new URL('dist/bin/slablab.js', PACKAGE_ROOT));
