/** Bands over seeds on the page of a run, in a real browser. */
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
  '#/run?scenario=feedback%2Fstrategic-credit&set=population.size%3D400&set=lab.size%3D800&t=60&speed=max&metric=accuracy';

// A browser on a busy machine is late now and then; what is wrong fails each time.
describe('over seeds', { retry: 2, timeout: 120_000 }, () => {
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
  const opened = async (
    colorScheme: 'dark' | 'light',
    width: number,
    { more = '', withAxe = false } = {},
  ): Promise<[Page, string[]]> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: withAxe });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(`${served.address}/${RUN}${more}`);
    await expect.poll(() => page.textContent('#where'), { timeout: 20_000 }).toContain('Step 60');
    return [page, complaints];
  };
  const told = (page: Page) => expect.poll(() => page.textContent('.seeds'), { timeout: 60_000 });
  const chart = (page: Page) => page.locator('.main-chart .chart-svg').first().textContent();
  const address = (page: Page) => page.evaluate(() => location.hash);

  it('draws bands with their words, tells means and expectations, and puts them into the picture and the link', async () => {
    const [page, complaints] = await opened('light', 1280);
    await page.fill('#seeds', '6');
    await page.click('#over-seeds');
    await told(page).toContain('Seeds 1 to 6');
    expect(await chart(page)).toContain('median and 10-90 % of 6 seeds');
    expect(await page.locator('.seeds tbody th').allTextContents()).toEqual(['lab', 'observed', 'actual']);
    const means = await page.locator('.seeds tbody td:nth-child(2)').allTextContents();
    for (const mean of means) expect(mean).toMatch(/^0\.\d+ ± 0\.\d+$/);
    expect(await page.textContent('.seeds details')).toMatch(/✓ 6 of 6|✗ \d of 6/);
    expect(await address(page)).toContain('seeds=6');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-out=svg]')]);
    const svg = readFileSync(await download.path(), 'utf8');
    expect(svg).toContain('median and 10-90 % of 6 seeds');
    // Lab, observed and actual, and the piece of one beside the words.
    expect(svg.match(/fill-opacity="0.(24|2|16)"/g)?.length).toBe(4);
    // Who opens the link sees the same.
    await page.reload();
    await told(page).toContain('Seeds 1 to 6');
    expect(await page.locator('.seeds tbody td:nth-child(2)').allTextContents()).toEqual(means);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('asks again for another metric, and hides what is of another run', async () => {
    const [page, complaints] = await opened('light', 1280);
    await page.fill('#seeds', '3');
    await page.keyboard.press('Tab');
    await page.locator('#over-seeds').blur();
    await page.keyboard.press('b');
    await told(page).toContain('Seeds 1 to 3');
    const before = await page.locator('.seeds tbody td:nth-child(3)').allTextContents();
    await page.locator('#metric').selectOption('logLoss');
    await expect
      .poll(() => page.locator('.seeds tbody td:nth-child(3)').allTextContents(), { timeout: 30_000 })
      .not.toEqual(before);
    await told(page).toContain('Seeds 1 to 3');
    await page.locator('.mechanism input').first().click();
    await told(page).toContain('The run is another one now');
    expect(await chart(page)).not.toContain('median');
    expect(await address(page)).not.toContain('seeds=');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('stops when it is told to', async () => {
    const [page] = await opened('light', 1000);
    await page.fill('#seeds', '200');
    await page.click('#over-seeds');
    await expect.poll(() => page.textContent('#over-seeds')).toBe('Stop');
    // Bands grow while runs are made.
    await expect.poll(() => chart(page), { timeout: 30_000 }).toMatch(/of \d+ seeds/);
    await page.click('#over-seeds');
    await told(page).toContain('Stopped.');
    expect(await page.textContent('#over-seeds')).toBe('Draw bands');
    expect(await chart(page)).not.toMatch(/of \d+ seeds/);
    await page.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('can be read in the %s, %d wide', async (scheme, width) => {
    const [page] = await opened(scheme, width, { withAxe: true, more: '&seeds=10' });
    await told(page).toContain('Seeds 1 to 10');
    if (PICTURES !== '')
      await page.locator('.time').screenshot({ path: join(PICTURES, `seeds-${scheme}-${width}.png`) });
    await page.addScriptTag({ content: AXE });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(where: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run('.time')).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    });
    expect(violations).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });
});
