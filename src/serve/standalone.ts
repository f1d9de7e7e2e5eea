import { setTimeout } from 'node:timers/promises';
import { DEFAULT_SERVER, type ServerSettings, Settings, startWith } from '../model/index.js';
import { error, type LabReply, ok, replyText } from '../resp/node.js';
import { serverVersion, servesWholeProcess } from '../run/index.js';
import { Store } from '../store/index.js';
import { asksFor } from './info-lines.js';
import { infoReply } from './info-reply.js';
import { LabThread, STOPPED } from './lab-thread.js';
import { type Listener, requirePasswordBeyondLoopback } from './listener.js';
import { populate } from './populate.js';
import type { ServeOptions } from './serve-options.js';
import { listenForSessions } from './session-listener.js';
import { StandaloneLink } from './standalone-link.js';
import type { ServeSummary } from './summary.js';
import { isQuestion as isLabQuestion } from './tap/questions.js';
import { TaskQueue } from './task-queue.js';
import { UnseenTraffic } from './unseen-traffic.js';

/** The interval of active expiry. */
const EXPIRE_MS = 100;
/** The number of keys that active expiry samples. */
const EXPIRE_COUNT = 100;

/** The limit of DEBUG SLEEP. */
const MAX_SLEEP_MS = 10_000;

export interface StandaloneOptions extends ServeOptions {
  /** The settings of the server that the lab is, as a configuration file has them. */
  readonly serverSettings?: ServerSettings;
}

const NO_SETTINGS: ServerSettings = { isCluster: false, settings: [] };

/** A lab that is itself the server of its clients. */
export class Standalone {
  readonly lab: LabThread;
  readonly #answers: Store;
  readonly #listener: Listener;
  readonly #unseen: UnseenTraffic;
  readonly #queue: TaskQueue;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    lab: LabThread,
    answers: Store,
    listener: Listener,
    { queue, unseen }: { readonly queue: TaskQueue; readonly unseen: UnseenTraffic },
  ) {
    this.lab = lab;
    this.#answers = answers;
    this.#listener = listener;
    this.#queue = queue;
    this.#unseen = unseen;
    this.#timer = setInterval(() => this.#expire(), EXPIRE_MS);
  }

  static async open(options: StandaloneOptions): Promise<Standalone> {
    requirePasswordBeyondLoopback(options.host, options.password);
    const { isCluster, settings: given } = options.serverSettings ?? NO_SETTINGS;
    const epochMs = Date.now();
    const version = serverVersion(options.server ?? DEFAULT_SERVER);
    const lab = await LabThread.open(
      {
        server: version.name,
        build: options.build ?? version.defaultBuild,
        conf: options.conf,
        isCluster,
        settings: given,
        owners: options.owners,
        hasRegions: options.isWatched,
        holdsWaiting: true,
        epochMs,
      },
      options.maxBacklogBytes,
    );
    try {
      const unseen = new UnseenTraffic(({ why }) => options.onNote(why));
      lab.onGap = (why) => unseen.add(why);
      lab.onStopped = (why) => options.onNote(`${STOPPED}: ${why}`);
      const settings = new Settings(version);
      const { info } = await lab.about();
      if (servesWholeProcess(info)) settings.defragRefusal = version.defrag.refusal;
      startWith(settings, given);
      const onDefect = (command: string, cause: unknown) =>
        options.onNote(`a defect: ${command.toUpperCase()}: ${cause instanceof Error ? cause.stack : cause}`);
      const answers = new Store({
        version,
        settings,
        isCluster,
        startMs: epochMs,
        port: options.port,
        cpuUsage: () => {
          const { user, system } = process.cpuUsage();
          return { userMicroseconds: user, systemMicroseconds: system };
        },
        onDefect,
      });
      const queue = new TaskQueue();
      let standalone: Standalone | undefined;
      const listener = await listenForSessions(lab, options, {
        openLink: (client, sink, owner) => new StandaloneLink(client, { answers, queue, sink, owner }),
        isQuestion,
        answer: async (words, client, ask) =>
          standalone === undefined ? error('ERR not ready yet') : standalone.#answer(words, client, ask),
      });
      answers.store.port = listener.port;
      standalone = new Standalone(lab, answers, listener, { queue, unseen });
      return standalone;
    } catch (cause) {
      await lab.close();
      throw cause;
    }
  }

  get port(): number {
    return this.#listener.port;
  }

  async summary(): Promise<ServeSummary> {
    const { accepted, turnedAway } = this.#listener;
    return {
      upstream: null,
      clients: { accepted, turnedAway },
      gaps: this.#unseen.periods,
      notSeen: [],
      lab: await this.lab.status(),
    };
  }

  async close(): Promise<ServeSummary> {
    clearInterval(this.#timer);
    await this.#listener.close();
    const summary = await this.summary();
    await this.lab.close();
    return summary;
  }

  #expire(): void {
    this.#queue.run(() => {
      const nowMs = Date.now();
      this.#answers.expire(nowMs, EXPIRE_COUNT);
      if (this.#answers.hasReady) this.#answers.serveWaiting(nowMs);
      return undefined;
    });
  }

  async #answer(words: readonly string[], client: number, ask: Ask): Promise<LabReply | Buffer> {
    const context = { client, isStandalone: true };
    const [name = '', sub = ''] = words.map((word) => word.toLowerCase());
    if (name === 'info')
      return infoReply(this.lab, await ask(), words.slice(1), context, this.#unseen.infoLines);
    if (name === 'memory' && sub === 'verify') return error('ERR there is no server to compare with');
    if (name === 'object') {
      const reply = await ask();
      // The store decides whether the key exists.
      return replyText(reply) === undefined ? reply : this.lab.ask(words, context);
    }
    if (name === 'debug' && sub === 'sleep') return this.#sleep(words, client);
    if (name === 'debug' && sub === 'populate') return populate(words.slice(2), ask);
    return this.lab.ask(words, context);
  }

  /** Executes DEBUG SLEEP seconds, during which no client is served. */
  #sleep(words: readonly string[], client: number): Promise<LabReply> {
    const milliseconds = (Number.parseFloat(words[2] ?? '') || 0) * 1000;
    if (milliseconds > MAX_SLEEP_MS) {
      return Promise.resolve(
        error(`ERR not supported by the lab: DEBUG SLEEP of over ${MAX_SLEEP_MS / 1000} seconds`),
      );
    }
    return new Promise((resolve) => {
      this.#queue.run(async () => {
        const startMs = Date.now();
        await setTimeout(Math.max(0, milliseconds));
        const { store } = this.#answers;
        const session = store.sessions.get(client + 1);
        const microseconds = (Date.now() - startMs) * 1000;
        if (session !== undefined) store.noteDuration(session, words, microseconds, startMs);
        resolve(ok);
      });
    });
  }
}

/** Sends words over the client's link; by default, the client's own command. */
type Ask = (words?: readonly string[]) => Promise<Buffer>;

const MEMORY: ReadonlySet<string> = new Set(['purge', 'malloc-stats']);

/** Whether the lab answers a command itself, instead of its store. */
function isQuestion(words: readonly string[]): boolean {
  const [name = '', sub = ''] = words.slice(0, 2).map((word) => word.toLowerCase());
  if (isLabQuestion(words)) return true;
  if (name === 'info') return asksFor(words.slice(1)).stats;
  if (name === 'memory') return MEMORY.has(sub);
  if (name === 'debug') return sub === 'populate' || (sub === 'sleep' && words.length === 3);
  return name === 'object' && sub === 'encoding' && words.length === 3;
}
