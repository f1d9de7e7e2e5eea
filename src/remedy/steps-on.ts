import type { Input } from '../input/index.js';
import type { Continuation } from '../run/index.js';
import { carryOut } from './carry-out.js';
import type { Chronicle } from './chronicle.js';
import { Operator } from './operator.js';
import type { Step } from './step.js';

interface StepMeans {
  readonly chronicle: Chronicle;
  readonly openInput: (path: string) => Input;
}

/** Returns what carries out steps on a server, one phase for each. */
export function stepsOn(steps: readonly Step[], { chronicle, openInput }: StepMeans): Continuation['run'] {
  return function* (server, writer, survey) {
    chronicle.begun(server);
    const operator = new Operator(server, writer);
    for (const step of steps) {
      const notes: string[] = [];
      const { nowMs: startMs } = server;
      const { sent } = operator;
      yield* carryOut(step, { server, writer, operator, openInput, note: (text) => notes.push(text) });
      survey();
      chronicle.stepDone(step, server, {
        sent: operator.sent - sent,
        tookMs: server.nowMs - startMs,
        copiedBytes: 0,
        notes,
      });
    }
  };
}
