/** Each experiment at a size that takes no time; the published sizes are for `slablab run`. */
export const SMALL: Readonly<Record<string, readonly string[]>> = {
  'scattered-delete': ['keys=2000'],
  'scattered-small': ['keys=20000'],
  'violation-sweep': ['epochs=2000'],
  'storm-crd': ['tests=12', 'crds=4'],
  'lru-two-sizes': ['maxmemoryMb=3', 'firstKeys=14000', 'secondKeys=3400'],
  'mesh-redis': ['maxmemoryMb=3', 'firstKeys=14000', 'secondKeys=3400'],
  'big-keys': ['elements=300', 'strings=5000'],
  scripts: ['scripts=1000'],
  'hash-field-expiry': ['hashes=100'],
  'memory-efficiency': ['keys=200'],
  'ttl-storm': ['keys=5000'],
  'value-drift': ['keys=5000'],
  'encoding-cliff': ['hashes=5'],
  'queue-drain': ['queues=10', 'items=300'],
};
