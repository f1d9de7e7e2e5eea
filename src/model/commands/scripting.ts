import { sha1 } from '../../base/index.js';
import { argumentBytes } from '../../commands/index.js';
import type { Call, Handlers } from '../server/index.js';

/**
 * EVAL and EVALSHA: the cache is modelled, but the script is not run. The writes of a script reach the model only as
 * separate commands in the input, as in MONITOR logs and AOF files. RESP streams do not have them.
 */
function evaluate(call: Call): void {
  call.server.scripts.called(call.name);
  cache(call, 1);
  call.reply.nil();
}

function evalsha(call: Call): void {
  call.server.scripts.called(call.name);
  if (call.server.scripts.has(call.text(1).toLowerCase())) call.reply.nil();
  else call.reply.error('NOSCRIPT No matching script. Please use EVAL.');
}

/** The functions are not run; as with EVAL, their writes reach the model only as commands in the input. */
function fcall(call: Call): void {
  call.server.scripts.called(call.name);
  call.reply.nil();
}

function script(call: Call): void {
  if (call.is(1, 'LOAD') && call.count === 3) {
    cache(call, 2);
    call.reply.bulk(40);
  } else if (call.is(1, 'FLUSH')) {
    call.server.scripts.flush();
    call.reply.status();
  } else if (call.is(1, 'EXISTS')) {
    call.reply.array(call.count - 2);
    for (let index = 2; index < call.count; index++) {
      call.reply.integer(call.server.scripts.has(call.text(index).toLowerCase()) ? 1 : 0);
    }
  } else {
    call.reply.status();
  }
}

function cache({ args, command, server: { scripts } }: Call, index: number): void {
  const text = argumentBytes(command, index);
  const sha = sha1(text);
  if (scripts.has(sha)) return;
  scripts.add(sha, args.object[index]!, args.sds[index]!, text.length);
  args.take(index);
}

export const SCRIPTING_COMMANDS: Handlers = {
  eval: evaluate,
  eval_ro: evaluate,
  evalsha,
  evalsha_ro: evalsha,
  fcall,
  fcall_ro: fcall,
  script,
};
