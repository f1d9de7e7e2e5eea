/** The metadata of an `.ops` file: the origin of its operations. */
import { parsedJson } from '../../base/index.js';

/** Describes a stream. A run needs only `phases`; the rest documents the origin. */
export interface OpsMetadata {
  readonly workload: string;
  readonly server: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Names of the phases that the stream's sweeps end, by phase number. */
  readonly phases: readonly string[];
  /** The program whose operations were recorded; absent for a stream of a modelled server. */
  readonly program?: RecordedProgram;
}

/** A recorded program, its allocator and its machine. What the recorder does not know is absent. */
export interface RecordedProgram {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Path of the executable file. */
  readonly image?: string;
  readonly pid?: number;
  /** Quantum of the size classes, page size in bytes, and CPUs of the machine. */
  readonly quantum?: number;
  readonly pageSize?: number;
  readonly cpus?: number;
  /** The automatic arenas of the program's jemalloc. */
  readonly narenas?: number;
  /** Version of the program's jemalloc, as it names itself. */
  readonly jemalloc?: string;
  /** The configuration string of the program's jemalloc. */
  readonly mallocConf?: string;
  /** Threads that allocated. */
  readonly threads?: number;
  readonly recorded?: RecordedCounts;
}

/** Counts of a recording. */
export interface RecordedCounts {
  readonly operations: number;
  /** Frees of addresses that no recorded call had returned. */
  readonly unknownFrees: number;
  /** Calls that returned no memory. */
  readonly failedCalls: number;
  /** Records that were lost. */
  readonly lost: number;
}

/** Returns the metadata of a file, or what is wrong with it. */
export function parseMetadata(json: Uint8Array): OpsMetadata | { readonly problem: string } {
  const value = objectIn(json);
  if (typeof value === 'string') return { problem: value };
  const { workload, server, parameters, phases, program } = value;
  if (typeof workload !== 'string') return { problem: '`workload` is not a string' };
  if (typeof server !== 'string') return { problem: '`server` is not a string' };
  if (!isTexts(phases)) return { problem: '`phases` is not a list of names' };
  if (!isParameters(parameters)) {
    return { problem: '`parameters` is not an object of numbers and strings' };
  }
  const metadata = { workload, server, parameters, phases };
  if (program === undefined) return metadata;
  const problem = problemOfProgram(program);
  return problem === undefined ? { ...metadata, program: program as RecordedProgram } : { problem };
}

const PROGRAM_NUMBERS = ['pid', 'quantum', 'pageSize', 'cpus', 'narenas', 'threads'] as const;
const PROGRAM_TEXTS = ['image', 'jemalloc', 'mallocConf'] as const;

function problemOfProgram(program: unknown): string | undefined {
  if (!isObject(program)) return '`program` is not an object';
  if (!isTexts(program.command)) return '`program.command` is not a list of strings';
  for (const name of PROGRAM_NUMBERS) {
    if (program[name] !== undefined && !isCount(program[name])) {
      return `\`program.${name}\` is not a whole number of at least 0`;
    }
  }
  for (const name of PROGRAM_TEXTS) {
    if (program[name] !== undefined && typeof program[name] !== 'string') {
      return `\`program.${name}\` is not a string`;
    }
  }
  if (program.recorded !== undefined && !isRecordedCounts(program.recorded)) {
    return '`program.recorded` is not an object of counts';
  }
  return undefined;
}

export function isRecordedCounts(value: unknown): value is RecordedCounts {
  if (!isObject(value)) return false;
  return [value.operations, value.unknownFrees, value.failedCalls, value.lost].every(isCount);
}

function isParameters(value: unknown): value is OpsMetadata['parameters'] {
  if (!isObject(value)) return false;
  return Object.values(value).every((entry) => typeof entry === 'number' || typeof entry === 'string');
}

/** Returns the object that is encoded as JSON, or the reason why there is none. */
export function objectIn(json: Uint8Array): Record<string, unknown> | string {
  try {
    const value = parsedJson(new TextDecoder().decode(json));
    return isObject(value) ? value : 'not a JSON object';
  } catch (error) {
    return (error as Error).message;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
