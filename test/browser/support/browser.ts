import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** How long tests wait for what a page should show. Only what never comes takes as long, however busy the machine. */
export const PATIENCE_MS = 600_000;

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    timeout: PATIENCE_MS,
  });
}

/** Returns a page in a context of its own. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}
