#!/usr/bin/env node
import { watchStandardStreams } from './output.js';
import { runProgram } from './program.js';

watchStandardStreams(() => {
  process.exitCode = 2;
});
const exitCode = await runProgram(process.argv.slice(2));
process.exitCode ??= exitCode;
