/** The opcodes of the RDB format (rdb.h of Redis 8.6 and Valkey 9). Other bytes are types of objects. */
export const Opcode = {
  slotImport: 243,
  slotInfo: 244,
  function2: 245,
  functionPreRelease: 246,
  moduleAux: 247,
  idle: 248,
  frequency: 249,
  aux: 250,
  resize: 251,
  expireMs: 252,
  expireSeconds: 253,
  selectDatabase: 254,
  end: 255,
} as const;

export const Type = {
  string: 0,
  list: 1,
  set: 2,
  sortedSet: 3,
  hash: 4,
  sortedSet2: 5,
  modulePreRelease: 6,
  module2: 7,
  hashZipmap: 9,
  listZiplist: 10,
  setIntset: 11,
  sortedSetZiplist: 12,
  hashZiplist: 13,
  listQuicklist: 14,
  stream: 15,
  hashListpack: 16,
  sortedSetListpack: 17,
  listQuicklist2: 18,
  stream2: 19,
  setListpack: 20,
  stream3: 21,
  // Release candidates of Redis 7.4 wrote 22 and 23. Valkey 9 gave 22 another meaning.
  hashExpiresPreRelease: 22,
  valkeyHash2: 22,
  hashListpackExPreRelease: 23,
  hashExpires: 24,
  hashListpackEx: 25,
  stream4: 26,
} as const;

/** The encodings of strings that are not stored raw. */
export const StringEncoding = { int8: 0, int16: 1, int32: 2, lzf: 3 } as const;

/** The opcodes in a module value. */
export const ModuleOpcode = { end: 0, signed: 1, unsigned: 2, float: 3, double: 4, string: 5 } as const;

/** The newest version of Redis. Valkey up to 8.1 writes REDIS0011, then VALKEY080; it leaves 12 to 79 to others. */
export const NEWEST_REDIS_VERSION = 13;
export const VALKEY_VERSION = 80;
export const HEADER_BYTES = 9;
/** The first version whose files end with a checksum. */
export const FIRST_VERSION_WITH_CHECKSUM = 5;
