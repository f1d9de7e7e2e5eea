/** Serves the built page on loopback, and beside it what it is to show. Nothing is written and nothing else is read. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../base/index.js';
import { PACKAGE_ROOT } from '../../engine/node.js';

/** What `make web` makes. */
const PAGE = fileURLToPath(new URL('dist/web/', PACKAGE_ROOT));
const HOST = '127.0.0.1';
/** Whoever reads more slowly than that is cut off. */
const PATIENCE_MS = 1000;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** Something of the machine's that the page asks for by its name. */
export interface Served {
  readonly name: string;
  /** Gives the bytes, from the first one on; a new one for each that asks. */
  readonly open: () => AsyncIterable<Uint8Array> | NodeJS.ReadableStream;
}

export class PageServer {
  readonly #server: Server;
  readonly #files: ReadonlySet<string>;
  readonly #served: Served | undefined;
  readonly #answers = new Set<Promise<void>>();

  private constructor(files: ReadonlySet<string>, served: Served | undefined) {
    this.#files = files;
    this.#served = served;
    this.#server = createServer((request, response) => {
      const answer = this.#answer(request, response);
      this.#answers.add(answer);
      void answer.finally(() => this.#answers.delete(answer));
    });
  }

  /** Port 0: any free one. `option` is what the user gave it by. */
  static async open(port: number, served?: Served, option = '--port'): Promise<PageServer> {
    const page = new PageServer(await pageFiles(), served);
    await new Promise<void>((resolve, reject) => {
      page.#server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(
          new InputError(
            `${option} ${port}: ${cause.code ?? cause.message}; choose another, or 0 for any free one`,
          ),
        );
      });
      page.#server.listen(port, HOST, resolve);
    });
    return page;
  }

  /** Of the page, with what it is to show. */
  get url(): string {
    const what = this.#served === undefined ? '' : `#open=${encodeURIComponent(this.#served.name)}`;
    return `http://${HOST}:${this.port}/${what}`;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** What is being sent has a moment to come to its end: the end of a run, above all. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const patience = new AbortController();
    await Promise.race([
      Promise.all(this.#answers),
      sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isAddressed(request)) return refuse(response, 403, 'this page is for this machine alone');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'there is only GET');
    const path = pathOf(request);
    const isServed = path !== undefined && path === this.#served?.name;
    if (!isServed && (path === undefined || !this.#files.has(path)))
      return refuse(response, 404, 'there is no such file');
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      // Names have a hash of what is in them, except for the page's own and what it shows.
      'cache-control': path.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (request.method === 'HEAD') return void response.end();
    try {
      await pipeline(
        isServed ? (this.#served as Served).open() : createReadStream(join(PAGE, path)),
        response,
      );
    } catch {
      // Whoever asked has gone, or the file has: either way there is nobody to tell but by the connection's end.
      response.destroy();
    }
  }

  /** A page elsewhere could have its name resolve to this machine, and read what is served here. */
  #isAddressed({ headers }: IncomingMessage): boolean {
    return [`${HOST}:${this.port}`, `localhost:${this.port}`].includes(headers.host ?? '');
  }
}

function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/, '')).slice(1) || 'index.html';
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    .end(`${why}\n`);
}

/** Only these can be asked for, so no path leads out of the directory. */
async function pageFiles(): Promise<ReadonlySet<string>> {
  const entries = await readdir(PAGE, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PAGE.length).replaceAll('\\', '/'));
  if (!files.includes('index.html')) {
    throw new InputError('the page has not been made yet; run: make web');
  }
  return new Set(files);
}
