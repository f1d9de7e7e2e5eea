/** The command line as the package has it. */
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../dist/bin/slablab.js', import.meta.url));
