import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../../commands/index.js';
import { respLength, respOf, writeResp } from '../../resp/index.js';
import { Outcome } from '../feed.js';
import type { LabThread } from '../lab-thread.js';
import type { UnseenTraffic } from '../unseen-traffic.js';
import type { ReplicaLink, ReplicaSink } from './replica-link.js';

/** The lab's number of the client whose commands the stream has. */
const STREAM_CLIENT = 0;

/** Turns what a server sends to a replica into the data and the commands of a lab. */
export class ReplicaFeed implements ReplicaSink {
  readonly #lab: LabThread;
  readonly #unseen: UnseenTraffic;
  readonly #note: (note: string) => void;
  readonly #directory = mkdtempSync(join(tmpdir(), 'slablab-replica-'));
  #path = '';
  #images = 0;
  #file: number | undefined;
  #bytes = Buffer.alloc(4096);
  #loaded: Promise<void> = Promise.resolve();

  constructor(lab: LabThread, unseen: UnseenTraffic, note: (note: string) => void) {
    this.#lab = lab;
    this.#unseen = unseen;
    this.#note = note;
  }

  /** Resolves when the lab has loaded the data that were received. */
  get loaded(): Promise<void> {
    return this.#loaded;
  }

  imageBegins(isAnew: boolean): void {
    if (isAnew) {
      this.#unseen.add(
        'the server sent all of its data anew: the lab loaded them as a server does at its start',
      );
      this.#write(respOf('FLUSHALL'));
    }
    this.#closeFile();
    this.#path = join(this.#directory, `${this.#images++}.rdb`);
    this.#file = openSync(this.#path, 'w');
  }

  image(bytes: Buffer): void {
    if (this.#file !== undefined && bytes.length > 0) writeSync(this.#file, bytes);
  }

  imageEnds(): void {
    this.#closeFile();
    this.#loaded = this.#lab.load(this.#path).then((notes) => {
      for (const note of notes) this.#note(note);
    });
    // The caller that waits for the first data receives the error. Later, the lab reports why it has stopped.
    this.#loaded.catch(() => {});
  }

  command(command: Command): void {
    const length = respLength(command);
    if (length > this.#bytes.length) this.#bytes = Buffer.alloc(2 * length);
    writeResp(command, this.#bytes, 0);
    this.#write(this.#bytes.subarray(0, length));
  }

  lost(why: string): void {
    this.#note(`${why}: the lab tries to take up the stream where it was lost`);
  }

  resumed(): void {
    this.#note('the stream goes on where it was lost');
  }

  /** Makes the link wait while the lab is behind. */
  holdsBack(link: ReplicaLink): void {
    this.#lab.onBacklogReduced = () => link.resume();
    this.#whenFull = () => link.pause();
  }

  close(): void {
    this.#closeFile();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #whenFull: () => void = () => {};

  #write(bytes: Uint8Array): void {
    this.#lab.feed.commands(STREAM_CLIENT, Date.now(), Outcome.executed, bytes, 0, bytes.length);
    this.#lab.flushIfFull();
    if (this.#lab.isBacklogFull) this.#whenFull();
  }

  #closeFile(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
