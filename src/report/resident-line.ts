import { formatBytes } from '../base/index.js';
import { type Amounts, amountsOn, type MapLayout, type MapSource } from '../map/index.js';
/** Returns the sum of the resident memory on the map, and whether it is all of it. */
export function residentLine(layout: MapLayout, { memory }: MapSource): string {
  const on = amountsOn(layout);
  const { slabs, large, dirty, metadata } = on;
  const resident = slabs + large + dirty + metadata;
  const sum = Object.entries({ slabs, 'large extents': large, dirty, metadata })
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`)
    .join(' + ');
  const missing = memory.resident - resident;
  const all =
    missing === 0
      ? `${sum || 'nothing'} = resident ${formatBytes(memory.resident)}, all of it on the map`
      : `${sum} on the map, of resident ${formatBytes(memory.resident)}`;
  return `${all}${nonResident(on)}`;
}

function nonResident({ muzzy, retained }: Amounts): string {
  const names = [muzzy > 0 ? 'muzzy' : '', retained > 0 ? 'retained' : ''].filter((name) => name !== '');
  return names.length === 0 ? '' : `; ${names.join(' and ')} beside it`;
}
