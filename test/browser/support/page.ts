/** The built page as a reader has it: served by `slablab web`'s own server, in a real browser. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { PageServer, type ServedFile } from '#slablab/src/serve/page/page-server.js';
import { launchBrowser, PATIENCE_MS } from './browser.js';

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  /** Opens a page that has stored nothing yet. Errors of its scripts fail the test that closes it. */
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
  const browser = await launchBrowser();
  // What pages with the same options load and compile is theirs together.
  const contexts = new Map<string, Promise<BrowserContext>>();
  function contextFor(options: BrowserContextOptions): Promise<BrowserContext> {
    const key = JSON.stringify(options);
    const context =
      contexts.get(key) ??
      browser.newContext({
        viewport: { width: 1280, height: 800 },
        // Tests of a host that fails would be answered by the page's cache.
        serviceWorkers: 'block',
        ...options,
      });
    contexts.set(key, context);
    return context;
  }
  const url = `http://127.0.0.1:${server.port}/`;
  return {
    url,
    browser,
    visit: async (hash = '', { init, ...options } = {}) => {
      const context = await contextFor(options);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const thrown: Error[] = [];
      page.on('pageerror', (error) => thrown.push(error));
      if (init !== undefined) await page.addInitScript(init);
      await page.goto(`${url}${hash}`);
      return {
        page,
        context,
        settled: () => settled(page),
        leave: async () => {
          await page.evaluate(() => localStorage.clear());
          await page.close();
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

/** Opens the drawer of the next experiment. */
export async function openForm(page: Page): Promise<void> {
  await page.locator('.run-name').click();
  await page.locator('dialog.drawer[open]').waitFor();
}

/** Opens a menu over the map, in which settings and files are. */
export async function openMenu(page: Page, name: 'View' | 'Save'): Promise<void> {
  const menu = page.locator('.menu', { has: page.locator('summary', { hasText: name }) });
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
}
