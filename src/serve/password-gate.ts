import { latin1Bytes } from '../base/index.js';
import { wordsOf } from '../commands/index.js';
import { commandOf, ProtocolError, RespParser, respOfCommand, UNAUTHENTICATED } from '../resp/index.js';
import { error, type LabReply, ok } from '../resp/node.js';
import { MAX_UNAUTHENTICATED_BYTES } from './client-limits.js';
import type { Password } from './password.js';

/** The effect of a client's bytes before it has given the password. */
export interface GateResult {
  readonly replies: readonly LabReply[];
  /** The bytes of the commands after the password, once it was given. */
  readonly admitted?: Uint8Array;
  /** Whether the connection ends. */
  readonly isClosing?: boolean;
}

/** Answers a client until it has given the password of the listener. No other command is executed. */
export class PasswordGate {
  readonly #password: Password;
  readonly #parser = new RespParser('query', { limits: UNAUTHENTICATED });

  constructor(password: Password) {
    this.#password = password;
  }

  read(bytes: Uint8Array): GateResult {
    const replies: LabReply[] = [];
    const parser = this.#parser;
    const { window } = parser;
    try {
      parser.feed(bytes);
      while (parser.next()) {
        const words = wordsOf(parser.command);
        const name = words[0]!.toLowerCase();
        const left = name === 'auth' ? this.#auth(words, replies) : undefined;
        const hello = name === 'hello' ? this.#hello(words, replies) : undefined;
        const admitted = left ?? hello;
        if (admitted !== undefined) {
          const rest = window.bytes.slice(window.at, window.end);
          return { replies, admitted: Buffer.concat([admitted, rest]) };
        }
        if (name === 'quit') return { replies: [...replies, ok], isClosing: true };
        if (name !== 'auth' && name !== 'hello') replies.push(error('NOAUTH Authentication required.'));
      }
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      return { replies: [...replies, error(`ERR Protocol error: ${cause.reply}`)], isClosing: true };
    }
    if (window.end - window.at <= MAX_UNAUTHENTICATED_BYTES) return { replies };
    return {
      replies: [
        ...replies,
        error(`ERR Protocol error: a command of over ${MAX_UNAUTHENTICATED_BYTES} bytes`),
      ],
      isClosing: true,
    };
  }

  #auth(words: readonly string[], replies: LabReply[]): Uint8Array | undefined {
    if (words.length < 2 || words.length > 3) {
      replies.push(error("ERR wrong number of arguments for 'auth' command"));
      return undefined;
    }
    const isRight = this.#password.admits(words.slice(1));
    replies.push(isRight ? ok : error(WRONG_PASSWORD));
    return isRight ? new Uint8Array() : undefined;
  }

  /** Admits a client by HELLO with AUTH. The rest of HELLO is left to be executed. */
  #hello(words: readonly string[], replies: LabReply[]): Uint8Array | undefined {
    const at = words.findIndex((word, index) => index > 1 && word.toLowerCase() === 'auth');
    if (at < 0 || words.length < at + 3) {
      replies.push(error('NOAUTH Authentication required.'));
      return undefined;
    }
    if (!this.#password.admits(words.slice(at + 1, at + 3))) {
      replies.push(error(WRONG_PASSWORD));
      return undefined;
    }
    const left = words.filter((_, index) => index < at || index > at + 2);
    return respOfCommand(commandOf(left.map(latin1Bytes)));
  }
}

const WRONG_PASSWORD = 'WRONGPASS invalid username-password pair or user is disabled.';
