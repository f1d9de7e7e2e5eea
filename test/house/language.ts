/** How the comments of the house read: which of them are fragments, paraphrase, or run too long. */

/** Words that paraphrase: each has a plain or a standard word in its place. */
const PARAPHRASES =
  /\b(whoever|whatever|nobody|somebody|anybody|said|told|tells|goes|comes|gone|anew|meanwhile|behind (?!the scenes)|is to be|are to be)\b/i;

/** Beginnings that leave a comment without a subject. */
const FRAGMENTS =
  /^(of|what|who|whom|whose|which|how|why|where|beyond|behind|beside|beneath|or|and|but|also|so that|than|that|nor|else|all that|as if|\.\.\.|…)\b/i;
/** Beginnings that need a main clause after them. */
const CLAUSES =
  /^(for|with|without|by|to|in|as|at|from|on|after|before|while|until|if|when|unless|because|since)\b/i;

const MAX_WORDS = 25;

export interface Comment {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Returns the comments of a TypeScript or C source; lines of `//` that follow each other are one. */
export function commentsOf(source: string): Comment[] {
  const comments: Comment[] = [];
  const token =
    /\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/[^\n]*\n?)+|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*/gm;
  for (const { 0: found, index } of source.matchAll(token)) {
    if (!/^\s*\/[/*]/.test(found)) continue;
    const text = found
      .split('\n')
      .map((line) => line.replace(/^\s*(\/\*+|\*+\/|\*|\/\/+)? ?/, '').replace(/\*\/\s*$/, ''))
      .filter((line) => !/^\s{3,}/.test(line))
      .join('\n')
      .trim();
    if (/^(biome-ignore|@ts-|#|eslint)/.test(text) || !/[a-z]{2}/i.test(text)) continue;
    comments.push({ line: source.slice(0, index).split('\n').length, text });
  }
  return comments;
}

/** Returns what is wrong with a comment, as one word each; none if it reads well. */
export function faultsOf(text: string): string[] {
  const sentences = sentencesOf(text);
  const [first = ''] = sentences;
  const faults: string[] = [];
  const hasMainClause = /[,:]/.test(first) || first.split(/\s+/).length > 12;
  if (FRAGMENTS.test(first) || (CLAUSES.test(first) && !hasMainClause)) faults.push('fragment');
  if (sentences.some((sentence) => sentence.endsWith('?'))) faults.push('question');
  const plain = text.replace(/`[^`]*`|'[^']*'|"[^"]*"/g, 'x');
  if (PARAPHRASES.test(plain)) faults.push('paraphrase');
  if (sentences.some((sentence) => sentence.split(/\s+/).length > MAX_WORDS)) faults.push('long');
  return faults;
}

function sentencesOf(text: string): string[] {
  return text
    .replace(/`[^`]*`/g, 'x')
    .split(/\n\s*\n|\n(?=- )|(?<=[.?!;:])\s+(?=[A-Z`(])/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence !== '');
}
