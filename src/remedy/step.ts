/** One change of a modelled server, as `--then` names it. */
export type Step =
  | DeleteStep
  | ExpireStep
  | FlushStep
  | WaitStep
  | SetStep
  | ServerStep
  | BuildStep
  | ConfStep
  | InputStep
  | PlainStep;

interface StepText {
  /** The words of the step in one form. */
  readonly text: string;
}

/** Deletes all keys that match a pattern of KEYS. */
export interface DeleteStep extends StepText {
  readonly kind: 'delete';
  readonly command: 'UNLINK' | 'DEL';
  readonly pattern: string;
}

/** Gives all keys that match a pattern an expiry, and waits until active expiry has deleted them. */
export interface ExpireStep extends StepText {
  readonly kind: 'expire';
  readonly pattern: string;
  readonly ms: number;
}

interface FlushStep extends StepText {
  readonly kind: 'flush';
  readonly command: 'FLUSHDB' | 'FLUSHALL';
}

/** Lets time pass, with cron, expiry and decay. */
interface WaitStep extends StepText {
  readonly kind: 'wait';
  readonly ms: number;
}

/** Changes a setting of the server: at once if CONFIG SET can, else at a restart. */
interface SetStep extends StepText {
  readonly kind: 'set';
  readonly name: string;
  readonly value: string;
}

/** Restarts with another server version. */
interface ServerStep extends StepText {
  readonly kind: 'server';
  readonly server: string;
}

/** Restarts with another build of the allocator. */
interface BuildStep extends StepText {
  readonly kind: 'build';
  readonly build: string;
}

/** Restarts with another configuration of the allocator. */
interface ConfStep extends StepText {
  readonly kind: 'conf';
  readonly conf: string;
}

/** Sends the commands of a second file. */
interface InputStep extends StepText {
  readonly kind: 'input';
  readonly path: string;
}

/** A step of one word: MEMORY PURGE, a restart, and the defragmentation of what is there. */
interface PlainStep extends StepText {
  readonly kind: 'purge' | 'restart' | 'activedefrag';
}

/** The form of each step, for messages and help. */
export const STEP_FORMS = [
  'unlink PATTERN',
  'del PATTERN',
  'expire PATTERN 60s',
  'flushdb',
  'flushall',
  'purge',
  'wait 10s',
  'restart',
  'server NAME',
  'build NAME',
  'conf NAME:VALUE,…',
  'set NAME=VALUE',
  'input FILE',
  'activedefrag',
] as const;

/** Whether a step changes the setting that turns active defragmentation on. */
export function turnsDefragOn(step: Step): boolean {
  return step.kind === 'set' && step.name === 'activedefrag' && step.value.toLowerCase() === 'yes';
}
