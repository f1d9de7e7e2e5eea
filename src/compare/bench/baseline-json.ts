/** Formats JSON for review: a value without nested parts is on one line, so a class is one line of a diff. */
export function baselineJson(value: unknown, indent = ''): string {
  const parts = Object.values(Object(value));
  if (parts.every((part) => Object(part) !== part)) return oneLine(value);
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((part) => deeper + baselineJson(part, deeper))
    : Object.entries(value as object)
        .filter(([, part]) => part !== undefined)
        .map(([name, part]) => `${deeper}${JSON.stringify(name)}: ${baselineJson(part, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Object(value) !== value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((part) => JSON.stringify(part)).join(', ')}]`;
  const fields = Object.entries(value as object)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => `${JSON.stringify(name)}: ${JSON.stringify(part)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
