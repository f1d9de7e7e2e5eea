import { hintOf, InputError, nearestName } from '../base/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import {
  CLUSTER,
  DEFAULT_VERSION,
  REPLICAS,
  SERVERS,
  SETTING_NAMES,
  Settings,
  setSetting,
} from '../model/index.js';
import { DURATION_FORM, parseDuration } from './duration.js';
import { STEP_FORMS, type Step } from './step.js';

type Parser = (words: Words) => Step;

/** A step's words, and the place that its errors name. */
interface Words {
  readonly place: string;
  readonly verb: string;
  /** The text after the verb. */
  readonly rest: string;
}

const PARSERS: Readonly<Record<string, Parser>> = {
  unlink: deletion('UNLINK'),
  del: deletion('DEL'),
  expire,
  flushdb: single((text) => ({ kind: 'flush', command: 'FLUSHDB', text })),
  flushall: single((text) => ({ kind: 'flush', command: 'FLUSHALL', text })),
  purge: single((text) => ({ kind: 'purge', text })),
  restart: single((text) => ({ kind: 'restart', text })),
  activedefrag: single((text) => ({ kind: 'activedefrag', text })),
  wait: (words) => {
    const text = required(words, 'how long, for example wait 10s');
    return { kind: 'wait', ms: durationOf(words, text), text: `wait ${text}` };
  },
  server: (words) => {
    const server = oneOf(
      words,
      'a server version',
      SERVERS.map(({ name }) => name),
    );
    return { kind: 'server', server, text: `server ${server}` };
  },
  build: (words) => {
    const build = oneOf(words, 'a build', KNOWN_BUILDS);
    return { kind: 'build', build, text: `build ${build}` };
  },
  conf: (words) => {
    const conf = required(words, 'options of jemalloc, for example conf dirty_decay_ms:0');
    return { kind: 'conf', conf, text: `conf ${conf}` };
  },
  set: setting,
  input: (words) => {
    const path = required(words, 'a file of commands, for example input more.aof');
    return { kind: 'input', path, text: `input ${path}` };
  },
};

/** Parses the text of a step. `place` names where it stands, such as `--then`. */
export function parseStep(text: string, place: string): Step {
  const trimmed = text.trim();
  const [verb = ''] = trimmed.split(/\s+/, 1);
  const name = verb.toLowerCase();
  const parser = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (parser === undefined) {
    const known = Object.keys(PARSERS);
    const what = verb === '' ? 'says nothing' : `\`${verb}\` is not a step`;
    throw new InputError(
      `${place} '${text}': ${what}; ${hintOf(nearestName(name, known), known)}; steps are written as ` +
        STEP_FORMS.map((form) => `'${form}'`).join(', '),
    );
  }
  return parser({ place: `${place} '${text}'`, verb: name, rest: trimmed.slice(verb.length).trim() });
}

function deletion(command: 'UNLINK' | 'DEL'): Parser {
  return (words) => {
    const pattern = required(words, `a pattern of keys, for example ${words.verb} session:*`);
    return { kind: 'delete', command, pattern, text: `${words.verb} ${pattern}` };
  };
}

function expire(words: Words): Step {
  const found = /^(.+?)\s+(\S+)$/.exec(words.rest);
  if (found === null) {
    throw new InputError(`${words.place}: needs a pattern of keys and a time, for example expire cart:* 60s`);
  }
  const [, pattern = '', time = ''] = found;
  return { kind: 'expire', pattern, ms: durationOf(words, time), text: `expire ${pattern} ${time}` };
}

/** Parses a setting and tries its value. */
function setting(words: Words): Step {
  const { place, rest } = words;
  const equals = rest.indexOf('=');
  if (equals < 1) {
    throw new InputError(`${place}: write a setting as name=value, for example set maxmemory=100mb`);
  }
  const name = rest.slice(0, equals).trim().toLowerCase();
  const value = rest.slice(equals + 1).trim();
  const known = [CLUSTER, REPLICAS, ...SETTING_NAMES];
  if (!known.includes(name)) {
    throw new InputError(
      `${place}: \`${name}\` is not a setting of the server that changes its memory; ` +
        hintOf(nearestName(name, known), known),
    );
  }
  const isTaken =
    name === CLUSTER ? /^(yes|no)$/i.test(value) : setSetting(new Settings(DEFAULT_VERSION), name, value);
  if (!isTaken)
    throw new InputError(`${place}: a server does not take \`${value}\` for ${name}; see redis.conf`);
  return { kind: 'set', name, value, text: `set ${name}=${value}` };
}

function single(step: (text: string) => Step): Parser {
  return ({ place, verb, rest }) => {
    if (rest !== '') throw new InputError(`${place}: \`${verb}\` takes nothing after it; remove \`${rest}\``);
    return step(verb);
  };
}

function required({ place, rest }: Words, what: string): string {
  if (rest === '') throw new InputError(`${place}: needs ${what}`);
  return rest;
}

function oneOf(words: Words, what: string, known: readonly string[]): string {
  const value = required(words, `${what}: ${known.join(', ')}`);
  if (known.includes(value)) return value;
  throw new InputError(
    `${words.place}: \`${value}\` is not ${what}; ${hintOf(nearestName(value, known), known)}`,
  );
}

function durationOf({ place }: Words, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InputError(`${place}: \`${text}\` is not a time; write ${DURATION_FORM}`);
}
