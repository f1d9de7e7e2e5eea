import { CONTAINER_KIND_NAMES, ContainerKind } from './container-kind.js';

/** The struct that a region was allocated for. The numbers are the owner tags of the operation stream (see tag.ts). */
export const StructKind = {
  // The kinds of arguments are consecutive: see isArgument.
  keyName: 1,
  valueObject: 2,
  valueString: 3,
  dict: 4,
  dictEntry: 5,
  bucketArray: 6,
  argumentArray: 7,
  argumentObject: 8,
  argumentString: 9,
  client: 10,
  clientState: 11,
  queryBuffer: 12,
  replyBuffer: 13,
  commandStatistics: 14,
  backgroundJob: 15,
  replyBlock: 16,
  transaction: 17,
  watchedKey: 18,
  script: 19,
  startUp: 20,
  temporary: 21,
  otherLibraries: 22,
  replicationBacklog: 23,
  ...ContainerKind,
} as const;

export type StructKind = (typeof StructKind)[keyof typeof StructKind];

/** Whether a tag is that of a current command's argument vector. */
export function isArgument(owner: number): boolean {
  return owner >= StructKind.argumentArray && owner <= StructKind.argumentString;
}

/** The names of struct kinds in reports. */
export const STRUCT_KIND_NAMES: Readonly<Record<StructKind, string>> = {
  [StructKind.keyName]: 'key name',
  [StructKind.valueObject]: 'value object',
  [StructKind.valueString]: 'value string',
  [StructKind.dict]: 'dict',
  [StructKind.dictEntry]: 'dict entry',
  [StructKind.bucketArray]: 'bucket array',
  [StructKind.argumentArray]: 'argument array',
  [StructKind.argumentObject]: 'argument object',
  [StructKind.argumentString]: 'argument string',
  [StructKind.client]: 'client',
  [StructKind.clientState]: 'client state',
  [StructKind.queryBuffer]: 'query buffer',
  [StructKind.replyBuffer]: 'reply buffer',
  [StructKind.commandStatistics]: 'command statistics',
  [StructKind.backgroundJob]: 'background job',
  [StructKind.replyBlock]: 'reply block',
  [StructKind.transaction]: 'transaction',
  [StructKind.watchedKey]: 'watched key',
  [StructKind.script]: 'script',
  [StructKind.startUp]: 'start-up',
  [StructKind.temporary]: 'temporary',
  [StructKind.otherLibraries]: 'Lua and the C library',
  [StructKind.replicationBacklog]: 'replication backlog',
  ...CONTAINER_KIND_NAMES,
};
