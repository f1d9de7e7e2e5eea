import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../base/index.js';
import { PACKAGE_ROOT } from '../../engine/node.js';

/** The page that `make web` builds. */
const PAGE = fileURLToPath(new URL('dist/web/', PACKAGE_ROOT));
const HOST = '127.0.0.1';
const INDEX = 'index.html';
/** The time after which open responses are cut off when the server closes. */
const CLOSE_TIMEOUT_MS = 1000;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** A file outside the page's own directory that the page requests by its name. */
export interface ServedFile {
  readonly name: string;
  /** Returns the bytes from the start, for each request. */
  readonly open: () => AsyncIterable<Uint8Array> | NodeJS.ReadableStream;
  /** Files that the page requests after it has read this one. */
  readonly beside?: readonly ServedFile[];
}

/** Serves the built page on loopback, with a file to show. It reads no others than those that it is given. */
export class PageServer {
  readonly #server: Server;
  readonly #files: ReadonlySet<string>;
  readonly #served: ServedFile | undefined;
  readonly #answers = new Set<Promise<void>>();

  private constructor(files: ReadonlySet<string>, served: ServedFile | undefined) {
    this.#files = files;
    this.#served = served;
    this.#server = createServer((request, response) => {
      const answer = this.#answer(request, response);
      this.#answers.add(answer);
      void answer.finally(() => this.#answers.delete(answer));
    });
  }

  /** Opens the server. Port 0 is a free one; `option` names the option of the port in errors. */
  static async open(port: number, served?: ServedFile, option = '--port'): Promise<PageServer> {
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

  /** The URL of the page, with the file to show. */
  get url(): string {
    const what = this.#served === undefined ? '' : `#open=${encodeURIComponent(this.#served.name)}`;
    return `http://${HOST}:${this.port}/${what}`;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Closes the server. Open responses have some time to finish, such as that of a live recording. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const patience = new AbortController();
    await Promise.race([
      Promise.all(this.#answers),
      sleep(CLOSE_TIMEOUT_MS, undefined, { signal: patience.signal }).catch(() => {}),
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
    const served = this.#servedAt(path);
    if (path === undefined || (served === undefined && !this.#files.has(path)))
      return refuse(response, 404, 'there is no such file');
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      // Names of assets contain a hash of their content.
      'cache-control': path.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (request.method === 'HEAD') return void response.end();
    try {
      await pipeline(
        served?.open() ?? (path === INDEX ? [await this.#index()] : createReadStream(join(PAGE, path))),
        response,
      );
    } catch {
      // The client or the file has disappeared, which only the end of the connection can report.
      response.destroy();
    }
  }

  #servedAt(path: string | undefined): ServedFile | undefined {
    const served = this.#served;
    return [served, ...(served?.beside ?? [])].find((file) => file !== undefined && file.name === path);
  }

  /** Returns the page, which names the file to show if its address does not. */
  async #index(): Promise<string> {
    const page = await readFile(join(PAGE, INDEX), 'utf8');
    if (this.#served === undefined) return page;
    const name = this.#served.name.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
    return page.replace('<head>', `<head><meta name="slablab-open" content="${name}" />`);
  }

  /** Whether a request names this machine. Other host names may be DNS rebinding by another page. */
  #isAddressed({ headers }: IncomingMessage): boolean {
    return [`${HOST}:${this.port}`, `localhost:${this.port}`].includes(headers.host ?? '');
  }
}

function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/, '')).slice(1) || INDEX;
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    .end(`${why}\n`);
}

/** Returns the files of the page. Only these are served, so that no path leads out of the directory. */
async function pageFiles(): Promise<ReadonlySet<string>> {
  const entries = await readdir(PAGE, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PAGE.length).replaceAll('\\', '/'));
  if (!files.includes(INDEX)) {
    throw new InputError('the page has not been made yet; run: make web');
  }
  return new Set(files);
}
