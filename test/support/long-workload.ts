/** Takes minutes in steady memory, so that a signal or a cancellation finds it running. */
export const LONG_WORKLOAD = [
  'lru-two-sizes',
  ...['maxmemoryMb=10', 'firstKeys=50000000', 'secondKeys=50000000'].flatMap((setting) => ['--set', setting]),
];
