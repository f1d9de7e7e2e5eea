/** The tap's own connection to the server: asks what it has to know. The lab models it like any client's. */
import { InputError } from '../../trace/index.js';
import { Replies } from '../verify/replies.js';
import { respOf } from '../verify/resp-writer.js';
import type { Gaps } from './gaps.js';
import type { FeedSink } from './lab-thread.js';
import type { LinkOwner } from './link.js';
import { TapLink } from './tap-link.js';
import type { Upstream } from './upstream.js';

/** Not a number that a client gets. */
export const CONTROL_CLIENT = 0xfffffffe;

export class Control {
  readonly #link: TapLink;
  readonly #ended: Promise<string>;
  #isClosing = false;

  constructor(upstream: Upstream, sink: FeedSink, gaps: Gaps) {
    let end = (_why: string) => {};
    this.#ended = new Promise((resolve) => {
      end = resolve;
    });
    const owner: LinkOwner = {
      reply: () => {},
      idle: () => {},
      full: () => {},
      ended: (why) => {
        end(why ?? `ERR ${upstream.url} closed the connection`);
        if (!this.#isClosing) gaps.add(`${upstream.url} was lost: what it did from then on is not known`);
      },
    };
    this.#link = new TapLink(CONTROL_CLIENT, { upstream, lab: sink, gaps }, owner);
  }

  /** The texts in a reply, in order, whatever arrays they are in. */
  async ask(
    ...words: readonly string[]
  ): Promise<{ readonly texts: readonly string[]; readonly isError: boolean }> {
    const bytes = respOf(...words);
    const settled = await Promise.race([
      this.#link.ask({ bytes, from: 0, ends: [bytes.length] }),
      this.#ended,
    ]);
    if (typeof settled === 'string') throw new InputError(settled.replace(/^ERR /, ''));
    const replies = new Replies();
    replies.keep();
    replies.add(settled);
    return { texts: replies.takeTexts(), isError: settled[0] === 45 };
  }

  close(): void {
    this.#isClosing = true;
    this.#link.close();
  }
}
