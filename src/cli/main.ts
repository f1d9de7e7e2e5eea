#!/usr/bin/env node
import { tolerateClosedPipes } from './output.js';
import { runProgram } from './program.js';

tolerateClosedPipes();
process.exitCode = await runProgram(process.argv.slice(2));
