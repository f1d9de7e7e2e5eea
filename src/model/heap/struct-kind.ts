import { CONTAINER_OWNER_NAMES, ContainerOwner } from './container-kind.js';

/** What a region was allocated for, by struct kind. The numbers are the owner tags of the operation stream. See subjects.ts. */
export const Owner = {
  // Those of the arguments are side by side: see isArgument.
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
  ...ContainerOwner,
} as const;

export type Owner = (typeof Owner)[keyof typeof Owner];

/** Is it part of a command's argument vector, as long as the command goes on? */
export function isArgument(owner: number): boolean {
  return owner >= Owner.argumentArray && owner <= Owner.argumentString;
}

/** In plain words, for reports. */
export const OWNER_NAMES: Readonly<Record<Owner, string>> = {
  [Owner.keyName]: 'key name',
  [Owner.valueObject]: 'value object',
  [Owner.valueString]: 'value string',
  [Owner.dict]: 'dict',
  [Owner.dictEntry]: 'dict entry',
  [Owner.bucketArray]: 'bucket array',
  [Owner.argumentArray]: 'argument array',
  [Owner.argumentObject]: 'argument object',
  [Owner.argumentString]: 'argument string',
  [Owner.client]: 'client',
  [Owner.clientState]: 'client state',
  [Owner.queryBuffer]: 'query buffer',
  [Owner.replyBuffer]: 'reply buffer',
  [Owner.commandStatistics]: 'command statistics',
  [Owner.backgroundJob]: 'background job',
  [Owner.replyBlock]: 'reply block',
  [Owner.transaction]: 'transaction',
  [Owner.watchedKey]: 'watched key',
  [Owner.script]: 'script',
  [Owner.startUp]: 'start-up',
  [Owner.temporary]: 'temporary',
  [Owner.otherLibraries]: 'Lua and the C library',
  [Owner.replicationBacklog]: 'replication backlog',
  ...CONTAINER_OWNER_NAMES,
};
