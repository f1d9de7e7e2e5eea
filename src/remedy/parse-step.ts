import { hintOf, InputError, nearestName } from '../base/index.js';
import { KNOWN_BUILDS } from '../engine/index.js';
import { parseSetting, SERVERS, SETTING_NAMES } from '../model/index.js';
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
  const trimmed = asStep(text.trim());
  const [verb = ''] = trimmed.split(/\s+/, 1);
  const name = verb.toLowerCase();
  const parser = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (parser === undefined) {
    const what = verb === '' ? 'says nothing' : `\`${verb}\` is not a step`;
    const near = formNear(name);
    throw new InputError(
      `${place} '${text}': ${what}; ${near === undefined ? '' : `did you mean '${near}'? `}steps are written as ` +
        STEP_FORMS.map((form) => `'${form}'`).join(', '),
    );
  }
  return parser({ place: `${place} '${text}'`, verb: name, rest: trimmed.slice(verb.length).trim() });
}

/** Returns the step that a command of a server stands for, as it is typed in redis-cli; other texts stay. */
function asStep(text: string): string {
  if (/^memory\s+purge$/i.test(text)) return 'purge';
  if (/^config\s+set\s+activedefrag\s+yes$/i.test(text)) return 'activedefrag';
  const found = /^config\s+set\s+(\S+)\s+(\S.*)$/i.exec(text);
  return found === null ? text : `set ${found[1]}=${found[2]}`;
}

/** Words of operators for what a step does. */
const OTHER_WORDS: Readonly<Record<(typeof STEP_FORMS)[number], readonly string[]>> = {
  'unlink PATTERN': ['delete', 'remove', 'drop', 'evict'],
  'del PATTERN': [],
  'expire PATTERN 60s': ['pexpire', 'ttl'],
  flushdb: ['flush', 'clear'],
  flushall: [],
  purge: ['memory', 'trim'],
  'wait 10s': ['sleep', 'rest', 'idle'],
  restart: ['reboot', 'reload', 'debug', 'shutdown', 'save', 'bgsave', 'bgrewriteaof', 'failover', 'resync'],
  'server NAME': ['upgrade', 'downgrade', 'update', 'version', 'redis', 'valkey'],
  'build NAME': ['jemalloc'],
  'conf NAME:VALUE,…': ['malloc_conf', 'je_malloc_conf', 'decay'],
  'set NAME=VALUE': ['config', 'setting'],
  'input FILE': ['replay', 'file'],
  activedefrag: ['defrag', 'defragment'],
};

/** Returns the form of the step that a word probably means, if any. */
function formNear(word: string): string | undefined {
  if (/^\w+:\S/.test(word)) return `conf ${word}`;
  if (SETTING_NAMES.has(word.split('=', 1)[0]!)) return `set ${word.includes('=') ? word : `${word}=VALUE`}`;
  const named = STEP_FORMS.find((form) => OTHER_WORDS[form].includes(word));
  const near = nearestName(word, Object.keys(PARSERS));
  return named ?? STEP_FORMS.find((form) => form.split(' ', 1)[0] === near);
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

function setting({ place, rest }: Words): Step {
  const [name, value] = parseSetting(rest, place);
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
