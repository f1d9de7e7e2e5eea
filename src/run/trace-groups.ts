/** Groups the operations of a recorded program: by call site, or by thread. */
import { globMatcher, latin1Bytes, utf8AsLatin1 } from '../base/index.js';
import type { NamedOwner } from '../stream/index.js';

/** The ways to group operations. */
export const TRACE_GROUPINGS = ['site', 'thread'] as const;
export type TraceGrouping = (typeof TRACE_GROUPINGS)[number];

export interface TraceGroupsOptions {
  readonly by: TraceGrouping;
  /** The frame of a call site: its number from the allocation outwards, or a pattern of its function's name. */
  readonly frame: number | string;
}

const UNKNOWN_SITE = '(unknown call site)';
const OTHER_SITES = '(other call sites)';
/** Most groups, since reports and maps have a column or colour for each. */
const MOST_GROUPS = 4000;

/** Numbers groups as their first operation arrives. Number 0 is no group. */
export class TraceGroups {
  readonly names: string[] = [''];
  readonly #numbers = new Map<string, number>();
  readonly #options: TraceGroupsOptions;
  readonly #owners: ReadonlyMap<number, NamedOwner>;
  #ofTag = new Uint32Array(1024);
  #ofThread = new Map<number, number>();
  #left = 0;

  constructor(owners: readonly NamedOwner[], options: TraceGroupsOptions) {
    this.#owners = new Map(owners.map((owner) => [owner.tag, owner]));
    this.#options = options;
  }

  /** Number of groups that share the last one, because there were too many. */
  get left(): number {
    return this.#left;
  }

  /** Returns the group of an operation of a thread with this owner tag. */
  of(tag: number, thread: number): number {
    if (this.#options.by === 'thread') {
      const known = this.#ofThread.get(thread);
      if (known !== undefined) return known;
      const number = this.#number(`thread ${thread}`);
      this.#ofThread.set(thread, number);
      return number;
    }
    if (tag >= this.#ofTag.length) {
      const wider = new Uint32Array(2 ** Math.ceil(Math.log2(tag + 1)));
      wider.set(this.#ofTag);
      this.#ofTag = wider;
    }
    const known = this.#ofTag[tag]!;
    if (known !== 0) return known;
    const number = this.#number(siteOf(this.#owners.get(tag), tag, this.#options.frame));
    this.#ofTag[tag] = number;
    return number;
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.names.length > MOST_GROUPS && name !== OTHER_SITES) {
      this.#left++;
      return this.#number(OTHER_SITES);
    }
    // Names are kept as keys are: with a character for each byte.
    this.names.push(utf8AsLatin1(name));
    this.#numbers.set(name, this.names.length - 1);
    return this.names.length - 1;
  }
}

/** Returns the name of a call site by one of its frames. */
function siteOf(owner: NamedOwner | undefined, tag: number, frame: number | string): string {
  if (owner === undefined) return tag === 0 ? UNKNOWN_SITE : `call site ${tag}`;
  const { frames } = owner;
  if (frames.length === 0) return UNKNOWN_SITE;
  if (typeof frame === 'number') return frames[Math.min(frame, frames.length - 1)]!;
  return frames.find((one) => matchesFunction(one, frame)) ?? `(no frame matches ${frame})`;
}

/** Whether the function of a frame, or the whole frame, matches a pattern in the syntax of KEYS. */
export function matchesFunction(frame: string, pattern: string): boolean {
  const matches = globMatcher(latin1Bytes(utf8AsLatin1(pattern)));
  const isMatch = (text: string) => {
    const bytes = latin1Bytes(utf8AsLatin1(text));
    return matches(bytes, 0, bytes.length);
  };
  return isMatch(frame.replace(/ at .*$/s, '')) || isMatch(frame);
}
