/** What a person sees at the address that `npm start` prints, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type Served, serve, smallDefault } from '../support/browser.js';

describe('the page', () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    served = await serve(await smallDefault());
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(served.address);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const fast = () => page.selectOption('#speed', '1000');
  const step = async () => Number(/\d+/.exec((await page.textContent('#step')) ?? '')?.[0] ?? 0);
  const ended = () => expect.poll(() => page.textContent('#state'), { timeout: 20_000 }).toBe('The run has ended.');
  const points = (name: string) =>
    page.evaluate(
      (line) => document.querySelector(`path.line.${line}`)?.getAttribute('d')?.split('L').length ?? 0,
      name,
    );

  it('shows the default scenario, its gap in words, and its lines, which grow', async () => {
    await expect.poll(() => page.textContent('h1')).toBe('Strategic credit applicants');
    await expect.poll(() => page.textContent('#actually')).toMatch(/^In the field \d+ of 100 are\.$/);
    await expect.poll(() => points('actual')).toBeGreaterThan(3);
    const before = await points('actual');
    await expect.poll(() => points('actual')).toBeGreaterThan(before);
  });

  it('draws every step of lab, actual and twin; of observed those whose labels came', async () => {
    await fast();
    await ended();
    expect(await step()).toBe(120);
    for (const name of ['lab', 'actual', 'twin']) expect(await points(name)).toBe(120);
    // Labels arrive six steps late.
    expect(await points('observed')).toBe(114);
    expect(await page.textContent('#promised')).toMatch(/^In the lab \d+ of 100 decisions were right\.$/);
    expect(await page.textContent('#events')).toContain('gaming: begins');
    expect(await page.isDisabled('#play')).toBe(true);
  });

  it('stops where it is paused, goes on from there, and starts again', async () => {
    await expect.poll(step).toBeGreaterThan(2);
    await page.click('text=Pause');
    const paused = await step();
    await expect(expect.poll(step, { timeout: 500 }).toBeGreaterThan(paused + 1)).rejects.toThrow();
    await page.click('text=Go on');
    await expect.poll(step).toBeGreaterThan(paused);
    expect(await points('actual')).toBe(await step());
    await fast();
    await ended();
    expect(await points('actual')).toBe(120);
    await page.click('text=Start again');
    await expect.poll(step).toBeLessThan(120);
  });

  it('can be worked by keyboard alone', async () => {
    await expect.poll(step).toBeGreaterThan(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('play');
    await page.keyboard.press('Enter');
    expect(await page.textContent('#play')).toBe('Go on');
  });

  it('says so when the server has gone', async () => {
    const other = await serve(await smallDefault());
    await page.goto(other.address);
    await expect.poll(step).toBeGreaterThan(1);
    await other.close();
    await expect.poll(() => page.textContent('#state'), { timeout: 10_000 }).toMatch(/Connecting|connection was lost/);
    // The browser itself reports the connections it could not make.
    complaints = complaints.filter((text) => !text.includes('ERR_'));
  });

  it.each(['light', 'dark'] as const)('fits a phone, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await fast();
    await ended();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const outside = await page.evaluate(
      () => [...document.querySelectorAll('#chart text')].filter((t) => t.getBoundingClientRect().right > 360).length,
    );
    expect(outside).toBe(0);
    const [ground, ink] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color];
    });
    expect(ground).not.toBe(ink);
    if (colorScheme === 'dark') expect(ground).toBe('rgb(20, 24, 28)');
  });
});
