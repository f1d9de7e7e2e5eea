/** Collects the fields of INFO. A text may have several INFOs, of which one is taken. */
import type { Field } from './info-fields.js';

/** The figures that a split needs most. A second one of them starts another INFO. */
export const SIZES = [
  'used_memory',
  'used_memory_rss',
  'allocator_allocated',
  'allocator_active',
  'allocator_resident',
] as const;
const CORE = [...SIZES, 'mem_allocator'] as const;
const STARTS = new Set<string>([...CORE, 'redis_version', 'valkey_version']);
/** Fields that do not change while a server runs. They are taken from other INFOs of the same text. */
const CONSTANT =
  /^(?:\w+_version|server_name|os|arch_bits|executable|config_file|maxclients|mem_allocator|redis_mode|used_memory_startup)$/;
/** Fields that two INFOs of one server have in common. */
const IDENTITY = [
  'redis_version',
  'valkey_version',
  'server_name',
  'mem_allocator',
  'arch_bits',
  'os',
  'executable',
  'config_file',
  'run_id',
] as const;

interface Block {
  readonly values: Map<string, string>;
  /** Name of the text and number of the line where the block begins. */
  readonly place: string;
}

export interface InfoFound {
  readonly fields: ReadonlyMap<string, string>;
  /** The different values of one figure, at most; more than one are of different moments or servers. */
  readonly count: number;
  readonly place: string;
}

export class InfoBlocks {
  readonly #blocks: Block[] = [];

  add({ name, value }: Field, place: string): void {
    let block = this.#blocks.at(-1);
    const before = block?.values.get(name);
    if (block === undefined || (STARTS.has(name) && before !== undefined)) {
      block = { values: new Map(), place };
      this.#blocks.push(block);
    }
    block.values.set(name, value);
  }

  /** Returns the last of the INFOs that have most of the figures; the nearest to `allocated` bytes, if that is known. */
  chosen(allocated: number | null): InfoFound {
    const rank = ({ values }: Block) => CORE.filter((name) => values.has(name)).length;
    const most = Math.max(0, ...this.#blocks.map(rank));
    const candidates = this.#blocks.filter((block) => rank(block) === most);
    const distance = ({ values }: Block) =>
      allocated === null
        ? 0
        : Math.abs(Number(values.get('allocator_allocated') ?? values.get('used_memory')) - allocated);
    const chosen = candidates.reduce<Block | undefined>(
      (best, block) => (best !== undefined && distance(best) < distance(block) ? best : block),
      undefined,
    );
    const fields = new Map(chosen?.values);
    for (const { values } of this.#blocks.filter((block) => isSameServer(block, chosen!))) {
      for (const [name, value] of values) {
        if (!fields.has(name) && (CONSTANT.test(name) || !STARTS.has(name)) && this.#isAlone(name)) {
          fields.set(name, value);
        }
      }
    }
    return {
      fields,
      count: Math.max(...CORE.map((name) => this.#valuesOf(name).size)),
      place: chosen?.place ?? '',
    };
  }

  /** Whether all INFOs that have a field agree on it. */
  #isAlone(name: string): boolean {
    return this.#valuesOf(name).size === 1;
  }

  #valuesOf(name: string): ReadonlySet<string> {
    return new Set(this.#blocks.flatMap(({ values }) => values.get(name) ?? []));
  }
}

function isSameServer(one: Block, other: Block): boolean {
  return IDENTITY.every((name) => {
    const value = one.values.get(name);
    const otherValue = other.values.get(name);
    return value === undefined || otherValue === undefined || value === otherValue;
  });
}
