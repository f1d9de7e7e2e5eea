/** A release of a server. */
export interface Release {
  readonly product: 'redis' | 'valkey';
  /** Numbers separated by dots: '7.2.6'. */
  readonly release: string;
}

/**
 * The first release line with a feature. A text is one of Redis, which Valkey forked at 7.2; an object has one for each
 * product.
 */
export type Since = string | { readonly redis?: string; readonly valkey?: string };

/** Whether a release has a feature. */
export function isIn({ product, release }: Release, since: Since): boolean {
  const first = typeof since === 'string' ? since : since[product];
  if (first === undefined) return false;
  const [major, minor] = numbersIn(release);
  const [firstMajor, firstMinor] = numbersIn(first);
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

function numbersIn(release: string): [major: number, minor: number] {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return [major, minor];
}
