import type { CommandContext } from '../command-context.js';

/** The reply to DEBUG PROTOCOL by the name of its type. */
const REPLIES: Readonly<Record<string, (ask: CommandContext) => void>> = {
  string: ({ reply }) => reply.bulk('Hello World'),
  integer: ({ reply }) => reply.integer(12_345),
  double: ({ reply }) => reply.double('3.141'),
  null: ({ reply }) => reply.nil(),
  array: ({ reply }) => {
    reply.array(3);
    for (const number of THREE) reply.integer(number);
  },
  set: ({ reply }) => {
    reply.set(3);
    for (const number of THREE) reply.integer(number);
  },
  map: ({ reply }) => {
    reply.map(3);
    for (const number of THREE) {
      reply.integer(number);
      reply.boolean(number === 1);
    }
  },
  attrib: ({ reply }) => {
    if (reply.protocol === 3) {
      reply.attribute(1);
      reply.bulk('key-popularity');
      reply.array(2);
      reply.bulk('key:123');
      reply.integer(90);
    }
    reply.bulk('Some real reply following the attribute');
  },
  push: (ask) => {
    const { reply } = ask;
    if (reply.protocol === 2) ask.refuse('ERR RESP2 is not supported by this command');
    reply.push(2);
    reply.bulk('server-cpu-usage');
    reply.integer(42);
    reply.bulk('Some real reply following the push reply');
  },
  verbatim: ({ reply }) => reply.verbatim('This is a verbatim\nstring'),
  true: ({ reply }) => reply.boolean(true),
  false: ({ reply }) => reply.boolean(false),
  bignum: ({ reply }) => reply.bigNumber('1234567999999999999999999999999999999'),
};

const THREE = [0, 1, 2];

/** DEBUG PROTOCOL type */
export function debugProtocol(ask: CommandContext): void {
  const reply = REPLIES[ask.text(2).toLowerCase()];
  if (reply === undefined) {
    ask.refuse(
      'ERR Wrong protocol type name. Please use one of the following: ' +
        'string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
    );
  }
  reply(ask);
}
