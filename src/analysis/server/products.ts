/** The products that answer INFO as Redis does, and what is known about the allocator of each. */

type ProductName =
  | 'redis'
  | 'valkey'
  | 'keydb'
  | 'dragonfly'
  | 'garnet'
  | 'kvrocks'
  | 'pika'
  | 'redict'
  | 'upstash'
  | 'redis-enterprise'
  | 'elasticache'
  | 'memorydb'
  /** A product that no entry of the table describes. */
  | 'unknown';

export interface Product {
  readonly name: ProductName;
  /** The name that its makers use. */
  readonly title: string;
  readonly version: string | null;
  /** The command-line client. */
  readonly cli: string;
  /** The version of the jemalloc in its source tree, which has the defragmentation hint; null if it has none or it is unknown. */
  readonly bundledJemalloc: string | null;
  /** The allocator it runs on, if that is not jemalloc; null if INFO says which it is, or if it is unknown. */
  readonly otherAllocator: string | null;
  /** Whether clients may change settings with CONFIG SET. */
  readonly hasConfig: boolean;
  /** A sentence for the user about the product; null if there is none. */
  readonly remark: string | null;
}

type Fields = ReadonlyMap<string, string>;
type Facts = Partial<Omit<Product, 'name' | 'version'>> & { readonly title: string };

const FACTS: Readonly<Record<Exclude<ProductName, 'unknown'>, Facts>> = {
  redis: { title: 'redis' },
  valkey: { title: 'valkey', cli: 'valkey-cli' },
  keydb: { title: 'KeyDB', cli: 'keydb-cli', bundledJemalloc: '5.2.1' },
  dragonfly: {
    title: 'Dragonfly',
    otherAllocator: 'mimalloc',
    hasConfig: false,
    remark: 'Dragonfly runs on mimalloc and not on jemalloc, so there are no figures of jemalloc to split.',
  },
  garnet: {
    title: 'Garnet',
    otherAllocator: '.NET',
    hasConfig: false,
    remark: 'Garnet runs on .NET and not on jemalloc, so there are no figures of jemalloc to split.',
  },
  kvrocks: {
    title: 'Kvrocks',
    hasConfig: false,
    remark:
      'Kvrocks keeps its data on the disk in RocksDB. Its INFO has no figures of its allocator, which is jemalloc unless ' +
      'it was built without.',
  },
  pika: {
    title: 'Pika',
    otherAllocator: 'tcmalloc',
    hasConfig: false,
    remark:
      'Pika keeps its data on the disk in RocksDB; its used_memory counts memtables and table readers. Its documents speak ' +
      'of tcmalloc, so there are no figures of jemalloc to split.',
  },
  redict: { title: 'Redict', cli: 'redict-cli' },
  upstash: {
    title: 'Upstash',
    hasConfig: false,
    remark: 'Upstash is a service with a server of its own, of whose allocator nothing is known here.',
  },
  'redis-enterprise': {
    title: 'Redis Enterprise',
    hasConfig: false,
    remark:
      'Redis Enterprise manages settings itself, so they are changed by its own tools and not by CONFIG SET.',
  },
  elasticache: {
    title: 'Amazon ElastiCache',
    hasConfig: false,
    remark: 'ElastiCache refuses CONFIG; settings are those of its parameter group (activedefrag is one).',
  },
  memorydb: {
    title: 'Amazon MemoryDB',
    hasConfig: false,
    remark: 'MemoryDB refuses CONFIG; settings are those of its parameter group (activedefrag is one).',
  },
};

/** Returns the product; null if INFO has nothing that shows it, as INFO memory alone. */
export function productOf(fields: Fields): Product | null {
  const [name, version] = nameOf(fields);
  if (name === null) return null;
  if (name === 'unknown') {
    const title = titleOfUnknown(fields);
    return product('unknown', version, {
      title,
      hasConfig: false,
      remark: `This is ${title}, which explain does not know: nothing is assumed about its allocator but what INFO says.`,
    });
  }
  const facts = FACTS[name];
  return product(name, version, {
    ...facts,
    bundledJemalloc: facts.bundledJemalloc ?? bundledVersion(name, version),
  });
}

function product(name: ProductName, version: string | null, facts: Facts): Product {
  return {
    name,
    version,
    cli: 'redis-cli',
    bundledJemalloc: null,
    otherAllocator: null,
    hasConfig: true,
    remark: null,
    ...facts,
  };
}

/** Version fields that name no product. */
const OTHER_VERSIONS =
  /^(?:redis|gcc|os|kernel|rdb|aof|proto|lua|rocksdb|swap|clang|module|api|server)_version$/;

function nameOf(fields: Fields): [ProductName | null, string | null] {
  const value = (name: string) => fields.get(name) ?? null;
  const version = releaseOf(value('redis_version'));
  // A service runs Redis or Valkey.
  const os = value('os') ?? '';
  const served = fields.has('valkey_version') ? releaseOf(value('valkey_version')) : version;
  if (/MemoryDB/i.test(os)) return ['memorydb', served];
  if (/ElastiCache/i.test(os)) return ['elasticache', served];
  for (const name of [
    'valkey',
    'keydb',
    'dragonfly',
    'garnet',
    'kvrocks',
    'pika',
    'redict',
    'upstash',
  ] as const) {
    const own = value(`${name}_version`);
    if (own !== null) return [name, name === 'valkey' ? releaseOf(own) : own];
  }
  if (fields.has('rlec_version')) return ['redis-enterprise', value('rlec_version')];
  const paths = `${value('executable') ?? ''} ${value('config_file') ?? ''}`;
  if (/keydb/i.test(paths) || fields.has('thread_0_clients') || fields.has('mvcc_depth'))
    return ['keydb', version];
  if (value('server_name') === 'valkey') return ['valkey', null];
  if (!fields.has('redis_version')) return [null, null];
  const unknown = unknownVersion(fields);
  return unknown === undefined ? ['redis', version] : ['unknown', value(unknown)];
}

/** The fields whose damaged values are named. */
export const RELEASES = ['redis_version', 'valkey_version'] as const;

/** Returns a release such as 7.2.6 or 7.2.6-rc1; null if the text is none, as a part of one is. */
export function releaseOf(text: string | null): string | null {
  return /^v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})*(?:[-+~ ]?[A-Za-z][\w.+-]*)?)$/.exec(text ?? '')?.[1] ?? null;
}

/** Returns the field with the version of a product that the table does not have. */
function unknownVersion(fields: Fields): string | undefined {
  return [...fields.keys()].find((name) => /^[a-z]+_version$/.test(name) && !OTHER_VERSIONS.test(name));
}

function titleOfUnknown(fields: Fields): string {
  return (unknownVersion(fields) ?? '').replace(/_version$/, '');
}

/** Returns the version of the bundled jemalloc, from deps/jemalloc/VERSION of each release; null if unknown. */
function bundledVersion(name: ProductName, version: string | null): string | null {
  const [major = Number.NaN, minor = 0] = (version ?? '').split('.').map(Number);
  if (name === 'valkey' || name === 'redict') return '5.3.0';
  if (name !== 'redis') return null;
  if (major === 4) return '4.0.3';
  if (major === 5 || major === 6) return '5.1.0';
  if (major === 7) return minor === 0 ? '5.2.1' : '5.3.0';
  return major >= 8 ? '5.3.0' : null;
}
