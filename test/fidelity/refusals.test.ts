/** Requests at the edge of what a server takes: the answers are its own, and the model replies as much. */
import { expect } from 'vitest';
import { inspectBinary } from '#slablab/src/verify/server-binary.js';
import { Server } from '../input/support/server.js';
import { withRealServer } from '../support/real-server.js';
import { answered, differences } from './answers/answering.js';
import { repliesOf } from './answers/exchange.js';
import { modelReplyLengths } from './replies/lengths.js';

const EDGES = `
XADD s 0-0 a 1|XADD s 0 a 1|XADD s MAXLEN 5 MINID 3 1-1 a 1|XADD s MAXLEN 5 MAXLEN 6 1-1 a 1|XADD s LIMIT 5 1-1 a 1
XADD s MAXLEN 5 LIMIT 3 1-1 a 1|XADD s MAXLEN = 5 LIMIT 3 1-1 a 1|XADD s MAXLEN ~ 5 LIMIT 3 1-2 a 1
XADD s MAXLEN ~ 5 LIMIT -3 1-3 a 1|XADD s MAXLEN -1 1-4 a 1|XADD s MAXLEN x 1-4 a 1|XADD s MINID x 1-7 a 1
XADD s NOMKSTREAM NOMKSTREAM 1-5 a 1|XADD s MAXLEN ~ 1-7 a 1|XADD s 1-8 a|XADD s 0-0 a|XADD s x a 1|XADD s 1-1 a 1
XADD none NOMKSTREAM 0-0 a 1|XADD none NOMKSTREAM 1-1 a 1|XTRIM s MAXLEN 5 MINID 3|XTRIM s MAXLEN 5 LIMIT 3
XTRIM s MAXLEN ~ 5 LIMIT 3|XTRIM s LIMIT 3|XTRIM s LIMIT 3 MAXLEN ~ 5|XTRIM s LIMIT 0|XTRIM s MAXLEN -5
XTRIM s NOMKSTREAM MAXLEN 5|XTRIM s MAXLEN 5 foo|XTRIM none MAXLEN 5 foo|XTRIM s MAXLEN ~ 5 LIMIT x|XTRIM s MAXLEN ~ 0
XTRIM s MINID ~ 5 LIMIT 2|XTRIM s MAXLEN 99999999999999999999|XLEN s|EXISTS none
GEOADD g 180 85 p -180 -85 q 179.99999999 0 r 0 0 o 180 0 t 0 85.05112878 u|GEOPOS g p q r o t u|GEOHASH g p q r o t u
GEODIST g p t|ZSCORE g p|ZSCORE g t|ZSCORE g u
ZADD z 1e400 a|ZADD z 1e-400 a|ZADD z 0e-400 a|ZADD z inf b|ZRANGEBYSCORE z 1e400 2|ZCARD z
ZADD g inf i -inf j 1e300 k -1e300 l -5 m|GEOPOS g i j k l m
HSET h a 1 b abc e 1e400 k 0x10 m 1e4932 n 1e4933|HINCRBYFLOAT h a 1e400|HGET h a|HINCRBYFLOAT h a -1e400|HINCRBYFLOAT h a 1e5000
HINCRBYFLOAT h a 1e-5000|HINCRBYFLOAT h a inf|HINCRBYFLOAT h a nan|HINCRBYFLOAT h b 1|HINCRBYFLOAT h e 1|HINCRBYFLOAT h k 1
HINCRBYFLOAT h m 1e4932|HINCRBYFLOAT h n 1|HINCRBYFLOAT h new 0x1p4|HINCRBYFLOAT none inf|EXISTS none
SET f 1|INCRBYFLOAT f 1e400|STRLEN f|INCRBYFLOAT f 1e5000|INCRBYFLOAT f -inf|SET f 1e4932|INCRBYFLOAT f 1e4932|INCRBYFLOAT f2 1e4000
ZADD w 0 a|ZINCRBY w 0x10 a|ZINCRBY w 1e17 b|ZINCRBY w 123456789012345678 c|ZRANGE w 0 -1 WITHSCORES|ZRANGE w 0 -1 BYSCORE BYLEX
SETBIT bits 4294967296 1|EXISTS bits`;

/** The model keeps no text of numbers that are long or hexadecimal. */
const NOT_MODELLED = new Set(['HINCRBYFLOAT h a -1e400', 'HINCRBYFLOAT h k 1']);

withRealServer(
  'XADD and XTRIM with options that do not go together, numbers too large, places at the ends of the world',
  async (binary) => {
    const commands = EDGES.trim()
      .split(/[|\n]/)
      .map((line) => line.split(' '));
    const { product, version } = await inspectBinary(binary);
    const name = `${product}-${version.split('.').slice(0, 2).join('.')}`;
    const server = await Server.start(binary, []);
    try {
      const replies = await repliesOf(server.port, commands);
      expect(differences(answered(name, commands, Date.now()), replies)).toEqual([]);
      const lengths = modelReplyLengths(name, commands);
      const different = commands.flatMap((words, at) =>
        lengths[at] === replies[at]?.length || NOT_MODELLED.has(words.join(' '))
          ? []
          : [`${words.join(' ')}: ${lengths[at]}, the server ${replies[at]}`],
      );
      expect(different).toEqual([]);
    } finally {
      await server.remove();
    }
  },
);
