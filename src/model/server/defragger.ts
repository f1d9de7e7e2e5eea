import { DEFRAG_FAMILIES, type DefragSetting } from '../../stream/index.js';
import { FIRST_INTERPRETER } from '../heap/index.js';
import { DefragScan, type Pause } from './defrag-scan.js';
import type { RedisServer } from './redis-server.js';

/** Passes over unchanged data after which the model scans no more until something changes. */
const PASSES_WITHOUT_CHANGE = 16;
/** Passes that one tick begins at most. A server begins the next at once, which matters only if it moves something. */
const PASSES_PER_TICK = 4;
const NS_PER_MS = 1e6;

/**
 * Models the schedule of active defragmentation: it scans in each tick of cron as long as a server at full effort
 * (active-defrag-cycle-max) would. The engine decides whether the server's defragger runs at all, and which regions move.
 */
export class Defragger {
  readonly #server: RedisServer;
  readonly #sent = new Map<DefragSetting, number>();
  #scan: DefragScan | undefined;
  #pass: Iterator<Pause, void> | undefined;
  /** Nanoseconds that the last tick took beyond its time. */
  #overspentNs = 0;
  #unchangedPasses = 0;
  /** The state of the server's allocations when the last pass began. */
  #changes = -1;

  constructor(server: RedisServer) {
    this.#server = server;
  }

  /** Whether the data have been scanned often enough without a change. */
  get isResting(): boolean {
    return this.#unchangedPasses >= PASSES_WITHOUT_CHANGE && this.#changes === this.#server.heap.changes;
  }

  /** Does the work of one tick. */
  tick(periodMs: number): void {
    const { settings, child, heap } = this.#server;
    if (!settings.activeDefrag) {
      this.#stop();
      return;
    }
    if (child.lives) return;
    this.#send();
    if (this.isResting) return;
    const timeNs = (settings.activeDefragCycleMax / 100) * periodMs * NS_PER_MS - this.#overspentNs;
    let spentNs = 0;
    let begun = 0;
    while (spentNs < timeNs) {
      if (this.#pass === undefined) {
        if (begun === PASSES_PER_TICK || this.isResting) break;
        begun++;
        this.#begin();
      }
      const scan = this.#scan!;
      const before = scan.spentNs;
      const { done, value } = this.#pass!.next();
      spentNs += scan.spentNs - before;
      if (done === true) this.#end(heap.changes);
      else if (value === 'database' && this.#server.version.defrag.runsInCron) break;
    }
    this.#overspentNs = Math.max(0, spentNs - timeNs);
  }

  #begin(): void {
    const { heap } = this.#server;
    if (this.#changes !== heap.changes) this.#unchangedPasses = 0;
    this.#changes = heap.changes;
    heap.defragPass(true);
    this.#scan = new DefragScan(this.#server);
    this.#pass = this.#scan.pass();
  }

  #end(changes: number): void {
    this.#scan?.end();
    this.#scan = undefined;
    this.#pass = undefined;
    this.#server.heap.defragPass(false);
    if (changes === this.#changes) this.#unchangedPasses++;
  }

  /** Ends a pass that was under way when defragmentation was disabled. */
  #stop(): void {
    if (this.#sent.get('enabled') !== 1) return;
    this.#send();
    if (this.#pass !== undefined) this.#end(-1);
    this.#unchangedPasses = 0;
  }

  /** Writes the settings that have changed since they were written. */
  #send(): void {
    const { settings, version, heap } = this.#server;
    const { defrag } = version;
    const values: readonly (readonly [DefragSetting, number])[] = [
      ['family', DEFRAG_FAMILIES.indexOf(defrag.family)],
      ['smallBins', Number(defrag.measuresSlabs)],
      ['decays', Number(defrag.losesEffort)],
      ['setsAnew', Number(defrag.setsEffortAnew)],
      ['checkMicros', Math.round(defrag.checkMs === 0 ? 1e6 / settings.hz : defrag.checkMs * 1000)],
      ['otherThreads', defrag.leavesOutScripts ? FIRST_INTERPRETER : 0],
      ['thresholdLower', settings.activeDefragThresholdLower],
      ['thresholdUpper', settings.activeDefragThresholdUpper],
      ['ignoreBytes', settings.activeDefragIgnoreBytes],
      ['cycleMin', settings.activeDefragCycleMin],
      ['cycleMax', settings.activeDefragCycleMax],
      ['enabled', Number(settings.activeDefrag)],
    ];
    for (const [name, value] of values) {
      if (this.#sent.get(name) === value) continue;
      this.#sent.set(name, value);
      heap.defragSet(name, value);
    }
  }
}
