import { argumentsOf, argumentText } from '../commands/index.js';
import { RespParser } from '../resp/index.js';
import { bulk, error, isErrorReply, replyBytes } from '../resp/node.js';
import type { Session, Store } from '../store/index.js';
import type { Link, LinkEvents, Segment } from './client-link.js';
import { sessionKindOf } from './session-kinds.js';

/** The commands that clients send to set up and end a connection. */
const CONNECTION = new Set(['ping', 'echo', 'hello', 'client', 'command', 'select', 'reset', 'quit', 'auth']);

export class AttachLink implements Link {
  readonly isBusy = false;
  readonly client: number;
  readonly #answers: Store;
  readonly #session: Session;
  readonly #owner: LinkEvents;
  readonly #url: string;
  readonly #parser = new RespParser('query');
  #isClosed = false;

  constructor(client: number, answers: Store, url: string, owner: LinkEvents) {
    this.client = client;
    this.#answers = answers;
    this.#url = url;
    this.#owner = owner;
    this.#session = answers.connect({ id: client + 1, nowMs: Date.now() });
  }

  readonly isWaiting = false;
  readonly isLimited = false;

  get isSilent(): boolean {
    return this.#session.replies !== 'on';
  }

  send({ bytes, from, ends }: Segment, onReply?: (isError: boolean) => void): void {
    const parser = this.#parser;
    parser.feed(bytes.subarray(from, ends[ends.length - 1]!));
    while (!this.#isClosed && parser.next()) {
      const { command } = parser;
      const name = argumentText(command, 0).toLowerCase();
      if (!CONNECTION.has(name)) {
        // The lab answers some subcommands of MEMORY and the like, so the error names the subcommand.
        const isSubcommand = sessionKindOf(command) === 'question' && command.argumentCount > 1;
        const refused = isSubcommand ? `${name} ${argumentText(command, 1).toLowerCase()}` : name;
        const refusal = `ERR only questions to the lab are answered here: send ${refused.slice(0, 40)} to ${this.#url}`;
        if (!this.isSilent) this.#owner.reply(replyBytes(error(refusal), 2));
        this.#commandPassed();
        continue;
      }
      const args = argumentsOf(command);
      const { reply, isSilent, closes } = this.#answers.answer(this.#session, args, Date.now());
      onReply?.(isErrorReply(reply));
      if (reply.length > 0 && !isSilent) this.#owner.reply(reply);
      if (closes) queueMicrotask(() => this.close());
    }
  }

  ask(): Promise<Buffer> {
    this.#commandPassed();
    return Promise.resolve(replyBytes(bulk(''), 2));
  }

  /** Counts a command that the store does not execute as the one of CLIENT REPLY SKIP. */
  #commandPassed(): void {
    if (this.#session.replies === 'skip') this.#session.replies = 'on';
  }

  hold(): void {}

  resume(): void {}

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#answers.disconnect(this.#session);
    this.#owner.ended();
  }
}
