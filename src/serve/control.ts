import { InputError } from '../base/index.js';
import { respOf } from '../resp/index.js';
import { readReply } from '../resp/node.js';
import type { LinkEvents } from './client-link.js';
import type { FeedSink } from './lab-thread.js';
import { TapLink } from './tap-link.js';
import type { UnseenTraffic } from './unseen-traffic.js';
import type { Upstream } from './upstream.js';

/** The client number of the control connection, which no client has. */
export const CONTROL_CLIENT = 0xfffffffe;

export interface ControlReply {
  readonly texts: readonly string[];
  readonly isError: boolean;
}

/** The lab's own connection to the server, which inspects it. */
export class Control {
  readonly #link: TapLink;
  readonly #ended: Promise<string>;
  #hasAnswered = false;
  #isClosing = false;

  constructor(upstream: Upstream, sink: FeedSink, unseen: UnseenTraffic) {
    let end = (_why: string) => {};
    this.#ended = new Promise((resolve) => {
      end = resolve;
    });
    const owner: LinkEvents = {
      reply: () => {},
      idle: () => {},
      full: () => {},
      cutOff: () => {},
      ended: (why) => {
        end(why ?? `ERR ${upstream.url} closed the connection`);
        if (this.#hasAnswered && !this.#isClosing)
          unseen.add(`${upstream.url} was lost: what it did from then on is not known`);
      },
    };
    this.#link = new TapLink(CONTROL_CLIENT, { upstream, lab: sink, unseen }, owner);
  }

  /** Sends a command, and returns the texts in its reply, in order and without their nesting. */
  ask(...words: readonly string[]): Promise<ControlReply> {
    return this.askAtOnce(words);
  }

  /**
   * Sends commands in one write, so that the server executes nothing else between them. `isError` is that of the first
   * reply.
   */
  async askAtOnce(...commands: readonly (readonly string[])[]): Promise<ControlReply> {
    const pieces = commands.map((words) => respOf(...words));
    const bytes = Buffer.concat(pieces);
    let end = 0;
    const ends = pieces.map(({ length }) => {
      end += length;
      return end;
    });
    const settled = await Promise.race([this.#link.ask({ bytes, from: 0, ends }), this.#ended]);
    if (typeof settled === 'string') throw new InputError(settled.replace(/^ERR /, ''));
    this.#hasAnswered = true;
    return readReply(settled);
  }

  close(): void {
    this.#isClosing = true;
    this.#link.close();
  }
}
