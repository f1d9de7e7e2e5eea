/** Reads what a file says of its setup before it is run: of its server, or of the program that it was recorded from. */
import { InputError } from '../../src/base/index.js';
import { openIn } from '../../src/input/index.js';
import { DEFAULT_SERVER } from '../../src/model/index.js';
import { modelNamedIn, programBuild, programConf } from '../../src/run/index.js';
import { isOpsFile, OpsFileReader, type RecordedProgram } from '../../src/stream/index.js';
import { filesOf, opsBytes } from './given-files.js';
import type { GivenFile, NamedSetup } from './service.js';

/** Returns what a file says of its setup, as the command line takes it from there. */
export async function setupNamedIn(name: string, given: readonly GivenFile[]): Promise<NamedSetup> {
  try {
    const program = await programOf(name, given);
    if (program !== undefined) {
      const [build, conf] = [programBuild(program), programConf(program)];
      const note = `${name} is the trace of ${program.command.join(' ')}, with build ${build} and ${conf || 'no configuration'}`;
      return { build, conf, note };
    }
    const server = modelNamedIn(openIn(filesOf(given), name));
    return server === undefined || server === DEFAULT_SERVER ? {} : { server };
  } catch (error) {
    // The run itself reports what is wrong with the file.
    if (error instanceof InputError) return {};
    throw error;
  }
}

/** Returns the program that a file was recorded from; undefined for other files. */
export async function programOf(
  name: string,
  given: readonly GivenFile[],
): Promise<RecordedProgram | undefined> {
  const file = given.find(({ path }) => path === name)?.file;
  if (file === undefined || !(await isOpsFile(name, opsBytes(name, file)))) return undefined;
  const reader = await OpsFileReader.open(name, opsBytes(name, file));
  await reader.close();
  return reader.metadata.program;
}
