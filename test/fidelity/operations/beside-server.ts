/** One stream on a real server and on the model, with their requests aligned. */
import type { ServerBinary } from '#slablab/src/verify/server-binary.js';
import type { FidelityStream } from '../streams.js';
import { type Alignment, align, Lane, type Span } from './align.js';
import { modelRequests } from './model-requests.js';
import { type Judged, judged, otherThreads, report } from './report.js';
import type { RequestList } from './request-list.js';
import { serverRequests } from './server-requests.js';

/** Servers that parse a pipeline ahead make arguments at other times, yet all in the same order. */
const LANES: readonly {
  readonly name: string;
  readonly has: (list: RequestList, index: number) => boolean;
}[] = [
  { name: 'all', has: () => true },
  { name: 'arguments of commands', has: (list, index) => list.areArguments[index]! },
  { name: 'all else', has: (list, index) => !list.areArguments[index]! },
];

export interface BesideServer {
  /** Of all requests. */
  readonly alignment: Alignment;
  readonly judged: Judged;
  /** For so many commands, their first difference is shown with what surrounds it. */
  lines(shown: number, byLanes?: boolean): string[];
}

export async function besideServer(stream: FidelityStream, binary: ServerBinary): Promise<BesideServer> {
  const [major, minor] = binary.version.split('.');
  const model = await modelRequests(stream, `${binary.product}-${major}.${minor}`);
  const server = await serverRequests(stream, binary, model.requests);
  if (server.lost > 0) throw new Error(`${server.lost} requests of the server were not recorded`);
  const sides = { server, model };
  const inServer = { from: server.first, to: server.end };
  const inModel = { from: model.first, to: model.requests.length };
  const alignedIn = ({ has }: (typeof LANES)[number]) => {
    const laneOf = (list: RequestList, span: Span) => Lane.of(list, span, (index) => has(list, index));
    return align(laneOf(server.requests, inServer), laneOf(model.requests, inModel));
  };
  const [all, ...parts] = LANES;
  const alignment = alignedIn(all!);
  const title = `${binary.product}-${binary.version} ${stream.name}`;
  return {
    alignment,
    judged: judged(sides, alignment),
    lines: (shown, byLanes = false) => [
      ...report(`${title}, all`, sides, alignment, shown),
      ...(byLanes ? parts : []).flatMap((lane) =>
        report(`${title}, ${lane.name}`, sides, alignedIn(lane), shown),
      ),
      ...otherThreads('server', server.requests),
      ...otherThreads('model', model.requests),
    ],
  };
}
