/** Workloads of one's own, as JSON documents. */
import { integer, number, type Parameter, type ParameterValues } from '../parameter.js';
import { stringContents } from '../string-contents.js';
import { defineWorkload, type Workload } from '../workload.js';
import { type Declaration, readDeclaration, readOutline } from './format.js';
import { Place } from './place.js';
import { declaredTraffic } from './traffic.js';

/** `document` is its name in messages. All that can be wrong with it at its own values is found out now. */
export function declaredWorkload(document: string, text: string): Workload {
  const root = Place.root(document, text);
  const outline = readOutline(root);
  const parameters: Record<string, Parameter<number>> = {
    seed: integer(1, 0, 4_294_967_295, 'of all chance'),
  };
  for (const [name, value] of outline.parameters)
    parameters[name] = number(value, `\`$${name}\` in ${document}`);
  const declarationOf = (values: ParameterValues): Declaration => {
    const numbers = [...outline.parameters.keys()].map((name) => [name, Number(values[name])] as const);
    return readDeclaration(root.withParameters(new Map(numbers)));
  };
  declarationOf(Object.fromEntries(outline.parameters));
  return defineWorkload({
    name: document,
    summary: outline.summary,
    source: document,
    shows: 'what it shows is yours to find out',
    parameters,
    phases: outline.phases,
    check: (values) => void declarationOf(values),
    contents: (values, server) =>
      declarationOf(values).keys.flatMap(({ type, pattern, count, size }) =>
        type === 'string'
          ? stringContents(server, pattern.length + `${count}`.length - 3, Math.round(size.typical))
          : [],
      ),
    estimateOperations: (values) => estimate(declarationOf(values)),
    traffic: (values) => declaredTraffic(declarationOf(values), Number(values.seed)),
  });
}

/** About ten operations to a command. */
function estimate({ phases }: Declaration): number {
  let commands = 0;
  for (const phase of phases) {
    if (phase.do === 'wait') continue;
    const times = phase.do === 'overwrite' ? phase.times : undefined;
    for (const { count, elements } of phase.keys) {
      const each = phase.do === 'fill' ? elements.typical : 1;
      commands += times === undefined ? count * phase.share * each : times / phase.keys.length;
    }
  }
  return Math.round(14_200 + commands * 10);
}
