/** The built page as a reader has it: served by `slablab web`'s own server, in a real browser. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { PageServer, type ServedFile } from '#slablab/src/serve/page/page-server.js';

/** What is late by as much on a machine with other work never comes. */
const TIMEOUT_MS = 20_000;

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  /** A page in a context of its own, which has seen nothing yet. Errors of its scripts fail the test that closes it. */
  visit(hash?: string, options?: VisitOptions): Promise<Visit>;
  close(): Promise<void>;
}

type VisitOptions = BrowserContextOptions & {
  /** Runs in the page, before its own scripts. */
  readonly init?: () => void;
};

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Until nothing runs any more. */
  settled(): Promise<void>;
  /** Closes it, and throws what its scripts threw. */
  leave(): Promise<void>;
}

export async function openSite(served?: ServedFile): Promise<Site> {
  const server = await PageServer.open(0, served);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const url = `http://127.0.0.1:${server.port}/`;
  return {
    url,
    browser,
    visit: async (hash = '', { init, ...options } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(TIMEOUT_MS);
      const thrown: Error[] = [];
      page.on('pageerror', (error) => thrown.push(error));
      if (init !== undefined) await page.addInitScript(init);
      await page.goto(`${url}${hash}`);
      return {
        page,
        context,
        settled: () => settled(page),
        leave: async () => {
          await context.close();
          if (thrown[0] !== undefined) throw thrown[0];
        },
      };
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** What web/main.ts gives to whoever asks at the console. */
interface Handle {
  readonly session: { readonly running: { get(): unknown } };
}

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const { slablab } = globalThis as unknown as { slablab?: Handle };
    return slablab !== undefined && slablab.session.running.get() === null;
  });
}
