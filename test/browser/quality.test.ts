/** Slow. What the page must hold, measured in a real browser: accessibility, weight, narrow screens. Speed is held by the bench. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type Served, serve } from '../support/browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SMALL = 'scenario=feedback%2Fstrategic-credit&set=population.size%3D800&set=lab.size%3D2000';

const VIEWS: Readonly<Record<string, string>> = {
  gallery: '#/',
  run: `#/run?${SMALL}&t=40&speed=max`,
  'a regression': '#/run?scenario=lab-vs-field%2Fnoisy-inputs&t=40&speed=max',
  compare: `#/compare?${SMALL}`,
  challenge: `#/challenge?${SMALL}`,
};

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

async function settled(page: Page, view: string): Promise<void> {
  await page.goto(`${served.address}/${VIEWS[view]}`);
  if (view === 'gallery') await page.waitForSelector('.card');
  else if (VIEWS[view].startsWith('#/run'))
    await page.waitForFunction(() => /Step 40/.test(document.querySelector('#where')?.textContent ?? ''));
  else
    await page.waitForFunction(
      () =>
        (document.querySelector('#main')?.childElementCount ?? 0) > 0 &&
        !/Loading/.test(document.querySelector('#main')?.textContent ?? ''),
    );
  await page.waitForTimeout(300);
}

describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
  it.each(Object.keys(VIEWS))(
    '%s has nothing that keeps a person out',
    async (view) => {
      // The page's own policy would refuse the checker's script.
      const context = await browser.newContext({
        colorScheme,
        bypassCSP: true,
        viewport: { width: 1280, height: 900 },
      });
      const page = await context.newPage();
      await settled(page, view);
      await page.addScriptTag({ content: AXE });
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(): Promise<{
              violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
            }>;
          };
        };
        const { violations: found } = await axe.run();
        return found.map(({ id, impact, nodes }) => ({
          id,
          impact,
          where: nodes.slice(0, 3).map(({ failureSummary, html }) => `${html.slice(0, 160)} ${failureSummary}`),
        }));
      });
      await context.close();
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    },
    60_000,
  );

  it.each(Object.keys(VIEWS))(
    '%s fits a phone',
    async (view) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 } });
      const page = await context.newPage();
      await settled(page, view);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await context.close();
    },
    60_000,
  );
});

it('weighs less than 120 KB, script and style, gzipped', () => {
  const files = readdirSync('dist/web/assets').filter((name) => /\.(js|css)$/.test(name));
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(`dist/web/assets/${name}`)).length, 0);
  expect(files.length).toBeGreaterThan(1);
  expect(bytes).toBeLessThan(120 * 1024);
});
