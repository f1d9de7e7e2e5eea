import type { Forms } from './vocabulary.js';

export const keyForms: Forms = ({ number, pick, some, anyKey, key }) => {
  const condition = () => some(30, pick('NX', 'XX', 'GT', 'LT'));
  return [
    () => ['DEL', anyKey(), ...some(20, anyKey())],
    () => ['UNLINK', anyKey()],
    () => ['EXISTS', anyKey(), anyKey()],
    () => ['TOUCH', anyKey(), anyKey()],
    () => ['TYPE', anyKey()],
    () => ['OBJECT', 'ENCODING', anyKey()],
    () => ['OBJECT', 'REFCOUNT', key('h')],
    () => [pick('EXPIRE', 'PEXPIRE'), anyKey(), pick('1000000', '2000000', 'x'), ...condition()],
    () => ['EXPIREAT', anyKey(), '4000000000', ...condition()],
    () => ['PEXPIREAT', anyKey(), '4000000000000', ...condition()],
    () => [pick('EXPIRE', 'EXPIREAT'), anyKey(), pick('-1', '0', '1')],
    () => ['PERSIST', anyKey()],
    () => ['TTL', pick('none', key('g'))],
    () => [pick('RENAME', 'RENAMENX'), anyKey(), anyKey()],
    () => ['COPY', anyKey(), anyKey(), ...some(40, 'REPLACE'), ...some(20, 'DB', pick('0', '1', '99'))],
    () => ['MOVE', anyKey(), pick('0', '1', '99')],
    () => ['SELECT', pick('0', '0', '0', '1', '77')],
    () => ['SWAPDB', '0', '1'],
    () => ['DBSIZE'],
    () => ['RANDOMKEY', 'x'],
    () => ['SCAN', 'x'],
    () => ['KEYS', `${pick('k', 'l', 'z')}[0-2]`],
    () => ['PING', ...some(30, 'hello')],
    () => ['ECHO', number(1000)],
    () => [...some(1, 'FLUSHDB'), 'FLUSHALL', 'BAD'],
  ];
};
