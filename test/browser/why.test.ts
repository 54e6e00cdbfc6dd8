/** The panel "Why" on the page of a run, in a real browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type Served, serve } from '../support/browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where pictures go, to be looked at; none where it is not set. */
const PICTURES = process.env.DRIFTLOOP_PICTURES ?? '';
const RUN =
  '#/run?scenario=feedback%2Fstrategic-credit&set=population.size%3D400&set=lab.size%3D800&t=10&speed=max&metric=accuracy';

// A browser on a busy machine is late now and then; what is wrong fails each time.
describe('why', { retry: 2, timeout: 120_000 }, () => {
  let browser: Browser;
  let served: Served;
  beforeAll(async () => {
    served = await serve();
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  /** `withAxe`: the page's policy takes no script but its own. */
  const opened = async (colorScheme: 'dark' | 'light', width: number, withAxe = false): Promise<[Page, string[]]> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: withAxe });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(`${served.address}/${RUN}`);
    await expect.poll(() => page.textContent('#where')).toContain('Step 10');
    return [page, complaints];
  };
  const found = (page: Page) => expect.poll(() => page.textContent('.why'), { timeout: 90_000 });

  it('tells the share of each mechanism, in numbers and stacked over the steps', async () => {
    const [page, complaints] = await opened('light', 1440);
    await page.fill('#why-seeds', '2');
    await page.click('#explain');
    await found(page).toContain('16 runs were made');
    const rows = await page.locator('.why tbody th').allTextContents();
    expect(rows).toEqual(['drift.recession', 'respond.gaming', 'collect.selective labels', 'together']);
    const numbers = (await page.locator('.why tbody td:nth-child(2)').allTextContents()).map((text) =>
      Number(text.split(' ')[0].replace('−', '-')),
    );
    // Each number is rounded to its last decimal.
    const decimals = 0.5e-4 * numbers.length + 1e-9;
    expect(Math.abs(numbers[0] + numbers[1] + numbers[2] - numbers[3])).toBeLessThan(decimals);
    expect(await page.textContent('.why')).toContain('averaged over every order');
    expect(await page.locator('.why .time-chart canvas').isVisible()).toBe(true);
    // What was found is of that run: another one begins without it.
    await page.locator('#metric').selectOption('logLoss');
    await page.click('#explain');
    await expect.poll(() => page.textContent('.why-results p')).toContain('log loss');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('stops when it is told to', async () => {
    const [page] = await opened('light', 1000);
    await page.fill('#why-seeds', '20');
    await page.click('#explain');
    await expect.poll(() => page.textContent('#explain')).toBe('Stop');
    await page.click('#explain');
    await found(page).toContain('Stopped.');
    expect(await page.textContent('#explain')).toBe('Explain');
    await page.close();
  });

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
    ['dark', 390],
  ] as const)('can be read in the %s, %d wide', async (scheme, width) => {
    const [page] = await opened(scheme, width, true);
    await page.fill('#why-seeds', '2');
    await page.click('#explain');
    await found(page).toContain('16 runs were made');
    if (PICTURES !== '') await page.locator('.why').screenshot({ path: join(PICTURES, `why-${scheme}-${width}.png`) });
    await page.addScriptTag({ content: AXE });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(where: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run('.why')).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    });
    expect(violations).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });
});
