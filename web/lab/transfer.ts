/** The memory of all columns in a value, to be handed over rather than copied; each once. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  collect(value, buffers);
  return [...buffers];
}

function collect(value: unknown, buffers: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  else for (const part of Object.values(value)) collect(part, buffers);
}
