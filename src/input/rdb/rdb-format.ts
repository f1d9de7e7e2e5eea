/** Numbers of the RDB format (rdb.h of Redis 7.4 and Valkey 9). A byte is a type of object, or one of these: */
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
  // Redis 7.4 release candidates wrote its two; Valkey 9 gave 22 another meaning.
  hashExpiresPreRelease: 22,
  valkeyHash2: 22,
  hashListpackExPreRelease: 23,
  hashExpires: 24,
  hashListpackEx: 25,
} as const;

/** How a string is stored when it is not as its bytes. */
export const StringEncoding = { int8: 0, int16: 1, int32: 2, lzf: 3 } as const;

/** What follows in a module's value. */
export const ModuleOpcode = { end: 0, signed: 1, unsigned: 2, float: 3, double: 4, string: 5 } as const;

/** Redis: headers REDIS0001 .. REDIS0012. Valkey: REDIS0011 up to 8.1, then VALKEY080 (12 to 79 it leaves to others). */
export const NEWEST_REDIS_VERSION = 12;
export const VALKEY_VERSION = 80;
export const HEADER_BYTES = 9;
/** Files of earlier versions end without one. */
export const FIRST_VERSION_WITH_CHECKSUM = 5;
