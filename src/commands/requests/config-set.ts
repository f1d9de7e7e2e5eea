import { SYNTAX_ERROR } from '../error-texts.js';
import type { RequestWords } from '../request-words.js';

export interface SettingChange {
  /** The name in lower case. */
  readonly name: string;
  /** The name as the client writes it. */
  readonly given: string;
  readonly value: string;
}

/** CONFIG SET name value … */
export function parseConfigSet(words: RequestWords): SettingChange[] | string {
  if (words.count % 2 === 1) return SYNTAX_ERROR;
  const changes: SettingChange[] = [];
  for (let index = 2; index < words.count; index += 2) {
    const given = words.text(index);
    const name = given.toLowerCase();
    if (changes.some((known) => known.name === name)) return settingFailed(name, 'duplicate parameter');
    changes.push({ name, given, value: words.text(index + 1) });
  }
  return changes;
}

export function settingFailed(name: string, problem: string): string {
  return `ERR CONFIG SET failed (possibly related to argument '${name}') - ${problem}`;
}

export const NOT_A_SETTING_VALUE = "argument couldn't be parsed into an integer";
