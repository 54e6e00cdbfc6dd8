/** Charts in a real browser: with pointer and keys, on a phone, with many long lines. Speed is held by the bench. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../src/loop/trace.js';
import { loadScenario } from '../../src/scenario/load.js';
import { simulate } from '../../src/scenario/simulate.js';
import type { ChartSpec } from '../../web/chart-spec.js';
import type { Multiple } from '../../web/small-multiples.js';
import type { TimeChart } from '../../web/time-chart.js';
import { openBrowser, type Served } from '../support/browser.js';
import { serveCharts } from '../support/charts-page.js';
import type { ChartsPage } from './charts/page.js';

/** What the page of charts carries for the tests. */
interface Probe extends Window {
  charts: ChartsPage;
  chart: TimeChart;
  seen: { cursor: (number | null)[]; pick: number[]; mark: (string | null)[]; zoom: unknown[] };
  spec(until: number): ChartSpec;
}
declare const window: Probe;

describe('a chart', () => {
  let served: Omit<Served, 'app'>;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let records: TraceRecord[];

  beforeAll(async () => {
    served = await serveCharts();
    browser = await openBrowser();
    const set = { 'population.size': 500, 'lab.size': 1000 };
    const scenario = await loadScenario('scenarios/feedback/strategic-credit.yaml', { set });
    records = [];
    for await (const record of simulate(scenario, { seed: 1, twin: 'feedback' })) records.push(record);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  beforeEach(async () => {
    complaints = [];
    page = await open(1200);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  async function open(width: number, colorScheme: 'light' | 'dark' = 'light', deviceScaleFactor = 1): Promise<Page> {
    const opened = await browser.newPage({
      viewport: { width, height: 720 },
      colorScheme,
      deviceScaleFactor,
      hasTouch: width < 500,
    });
    opened.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    opened.on('pageerror', ({ message }) => complaints.push(message));
    await opened.goto(served.address);
    await opened.evaluate((all) => {
      const { RunData, series, TimeChart } = window.charts;
      window.spec = (until) => {
        const data = new RunData();
        for (const record of all) if (!('t' in record) || record.t <= until) data.take(record);
        return {
          title: 'How often the score is right',
          unit: series.metricUnit('accuracy'),
          steps: 120,
          series: series.vantageSeries(data, 'accuracy'),
          marks: series.marksOf(data),
          cursor: null,
        };
      };
      window.seen = { cursor: [], pick: [], mark: [], zoom: [] };
      window.chart = new TimeChart(document.getElementById('host') as HTMLElement, {
        onCursor: (t) => window.seen.cursor.push(t),
        onPick: (t) => window.seen.pick.push(t),
        onMark: (mark) => window.seen.mark.push(mark?.label ?? null),
        onZoom: (range) => window.seen.zoom.push(range),
      });
      window.chart.draw(window.spec(119));
    }, records);
    await opened.waitForSelector('.chart-ends text');
    return opened;
  }

  const seen = () => page.evaluate(() => window.seen);
  const plot = async () => {
    const box = await page.locator('.chart-hit').boundingBox();
    if (box === null) throw new Error('the chart has no plot');
    return box;
  };
  const over = async (share: number, down = 0.5) => {
    const { height, width, x, y } = await plot();
    await page.mouse.move(x + share * width, y + down * height);
  };
  const ticks = () => page.locator('.chart-ground text[text-anchor=middle]').allTextContents();

  it('has a name, draws its lines, names them at their ends and says the gap', async () => {
    expect(await page.getAttribute('#host', 'role')).toBe('figure');
    expect(await page.getAttribute('#host', 'aria-label')).toBe('How often the score is right');
    const ends = await page.locator('.chart-ends text').allTextContents();
    expect(ends.slice(0, 4).join()).toMatch(/^lab0\.\d{3},observed0\.\d{3},actual0\.\d{3},no feedback0\.\d{3}$/);
    expect(ends[4]).toMatch(/^[−+]0\.\d+$/);
    const painted = await page.evaluate(() => {
      const canvas = document.querySelector('canvas') as HTMLCanvasElement;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let accent = 0;
      for (let k = 0; k < pixels.length; k += 4)
        if (pixels[k] === 0xc0 && pixels[k + 1] === 0x3a && pixels[k + 2] === 0x12) accent++;
      return accent;
    });
    expect(painted).toBeGreaterThan(800);
    await expect
      .poll(() => page.textContent('.chart-live'), { timeout: 4000 })
      .toMatch(/Step 119: .*actual minus first lab/);
  });

  it('shows every value under the pointer, tells the others, and moves nothing', async () => {
    const before = await page.locator('#host').boundingBox();
    await over(0.5);
    await expect.poll(() => page.isVisible('.chart-readout')).toBe(true);
    const text = (await page.textContent('.chart-readout')) ?? '';
    expect(text).toMatch(/^Step (59|60)/);
    for (const name of ['lab', 'observed', 'actual', 'no feedback', 'actual minus first lab'])
      expect(text).toContain(name);
    expect((await seen()).cursor.at(-1)).toBeGreaterThan(55);
    expect(await page.locator('#host').boundingBox()).toEqual(before);
    expect(await page.locator('.chart-cross circle').count()).toBe(4);
    await page.mouse.move(5, 5);
    await expect.poll(() => page.isVisible('.chart-readout')).toBe(false);
    expect((await seen()).cursor.at(-1)).toBeNull();
    // As the page does when the hand is on another chart.
    await page.evaluate(() => window.chart.cursor(30));
    expect(await page.textContent('.chart-readout-step')).toBe('Step 30');
    expect((await seen()).cursor.at(-1)).toBeNull();
  });

  it('goes where it is clicked', async () => {
    await over(0.25);
    await page.mouse.down();
    await page.mouse.up();
    expect((await seen()).pick).toHaveLength(1);
    expect((await seen()).pick[0]).toBeCloseTo(30, -0.5);
    expect((await seen()).zoom).toEqual([]);
  });

  it('zooms to what is dragged over, and back by double click and by the button', async () => {
    const whole = await ticks();
    const drag = async () => {
      await over(0.2);
      await page.mouse.down();
      await over(0.3);
      await expect.poll(() => page.locator('.chart-cross rect').count()).toBe(1);
      await over(0.4);
      await page.mouse.up();
    };
    await drag();
    const [from, to] = (await seen()).zoom[0] as [number, number];
    expect(from).toBeCloseTo(24, -0.5);
    expect(to).toBeCloseTo(48, -0.5);
    expect(await ticks()).not.toEqual(whole);
    expect(await page.locator('.chart-cross rect').count()).toBe(0);
    expect((await seen()).pick).toEqual([]);
    await over(0.5);
    await page.mouse.dblclick((await plot()).x + 200, (await plot()).y + 50);
    expect(await ticks()).toEqual(whole);
    await drag();
    await page.click('text=Show all steps');
    expect(await ticks()).toEqual(whole);
    expect(await page.isVisible('.chart-reset')).toBe(false);
  });

  it('can be worked by keys alone', async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('slider');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageUp');
    expect(await page.getAttribute('.chart-hit', 'aria-valuenow')).toBe('12');
    expect(await page.getAttribute('.chart-hit', 'aria-valuetext')).toMatch(/^Step 12: .*actual 0\.\d+/);
    await page.keyboard.press('Enter');
    expect((await seen()).pick).toEqual([12]);
    await page.keyboard.press('+');
    expect((await seen()).zoom).toHaveLength(1);
    await page.keyboard.press('-');
    await page.keyboard.press('+');
    await page.keyboard.press('Escape');
    expect((await seen()).zoom.at(-1)).toBeNull();
    await page.keyboard.press('End');
    expect(await page.getAttribute('.chart-hit', 'aria-valuenow')).toBe('119');
  });

  it('has marks that explain themselves to pointer, finger and keys', async () => {
    const gaming = page.locator('[role=button][aria-label*="gaming begins"]');
    await gaming.hover();
    expect(await page.textContent('.chart-tip')).toContain('60 of 100 applicants shift what they show');
    expect((await seen()).mark.at(-1)).toBe('gaming begins');
    await page.mouse.move(5, 5);
    await expect.poll(() => page.isVisible('.chart-tip')).toBe(false);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    expect(await focused()).toMatch(/^Step 0: Scene 1/);
    expect(await page.textContent('.chart-tip')).toContain('Scene 1');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^Step 20/);
    // A new step does not take the focus away.
    await page.evaluate(() => window.chart.draw(window.spec(119)));
    expect(await focused()).toMatch(/^Step 20/);
    await page.keyboard.press('End');
    expect(await focused()).toMatch(/^Step 100/);
    await page.keyboard.press('Enter');
    expect((await seen()).pick).toEqual([100]);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('.chart-tip')).toBe(false);
  });

  it('is a table for who wants one', async () => {
    await page.click('text=Show as table');
    expect(await page.locator('.chart-table tbody tr').count()).toBe(120);
    expect(await page.locator('.chart-table thead').textContent()).toBe('steplabobservedactualno feedback');
    await page.click('text=Hide the table');
    expect(await page.isVisible('.chart-table')).toBe(false);
  });

  it('keeps its axis while the run grows, but for a few jumps', async () => {
    const changes = await page.evaluate(() => {
      const texts: string[] = [];
      window.chart.draw({ ...window.spec(0), steps: 121 });
      for (let t = 0; t < 120; t++) {
        window.chart.draw({ ...window.spec(t), steps: 121 });
        const text = [...document.querySelectorAll('.chart-ground text[text-anchor=end]')]
          .map((one) => `${one.textContent} ${one.getAttribute('y')}`)
          .join();
        if (texts.at(-1) !== text) texts.push(text);
      }
      return texts.length;
    });
    // Some of them the lanes of the marks, which come with the first mark.
    expect(changes).toBeLessThan(10);
  });

  it('says what to do where there is nothing, and survives what is not a number', async () => {
    const texts = await page.evaluate(() => {
      const draw = (values: number[], steps = 10): string => {
        const line = (kind: 'lab' | 'actual') => ({ key: kind, label: kind, kind, values: Float64Array.from(values) });
        window.chart.draw({ title: 'x', unit: 'y', steps, series: [line('lab'), line('actual')], cursor: null });
        return document.getElementById('host')?.outerHTML ?? '';
      };
      return [[], [Number.NaN], [1], [2, 2, 2], [1e300, -1e300], [1e-300, 2e-300], [Number.POSITIVE_INFINITY, 1]].map(
        (values) => draw(values, Math.max(1, values.length)),
      );
    });
    expect(texts[0]).toContain('No steps yet');
    expect(texts[1]).toContain('does not exist');
    for (const text of texts) expect(text).not.toMatch(/NaN|Infinity/);
  });

  it.each([
    [340, 'light'],
    [340, 'dark'],
    [360, 'light'],
  ] as const)('fits a phone of %d px, %s', async (width, scheme) => {
    await page.close();
    page = await open(width, scheme);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const boxes = await page.evaluate(() =>
      [...document.querySelectorAll('.chart-svg text')].map((text) => {
        const { bottom, left, right, top } = text.getBoundingClientRect();
        return { bottom, left, right, top, end: text.closest('.chart-ends') !== null };
      }),
    );
    for (const { left, right } of boxes) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(width);
    }
    const ends = boxes.filter(({ end }) => end).sort((a, b) => a.top - b.top);
    for (let k = 1; k < ends.length; k++) expect(ends[k].top).toBeGreaterThan(ends[k - 1].top + 10);
    // A finger on a mark.
    const { x, y } = (await page.locator('.chart-mark').first().boundingBox()) ?? { x: 0, y: 0 };
    await page.touchscreen.tap(x + 12, y + 12);
    await expect.poll(() => page.isVisible('.chart-tip')).toBe(true);
    const tip = await page.locator('.chart-tip').boundingBox();
    expect((tip?.x ?? -1) + (tip?.width ?? 1e9)).toBeLessThanOrEqual(width);
    expect(tip?.x).toBeGreaterThanOrEqual(0);
  });

  it('follows the theme', async () => {
    const colour = () => page.locator('.chart-ends text').nth(2).getAttribute('fill');
    expect(await colour()).toBe('#c03a12');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(colour).toBe('#ff8a5c');
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
    await expect.poll(colour).toBe('#c03a12');
  });

  it('has nothing that axe finds serious', async () => {
    await page.click('text=Show as table');
    const source = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
    await page.evaluate(source);
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> };
      };
      return (await axe.run()).violations.map(({ id, impact }) => `${impact}: ${id}`);
    });
    expect(found).toEqual([]);
  });

  it('is saved as a picture and as text, under the policy of the page', async () => {
    const svg = await page.evaluate(() => {
      const { chartSvg, paletteOf } = window.charts;
      return chartSvg(window.spec(119), { width: 900, height: 420 }, paletteOf(document.body));
    });
    expect(svg).toContain('gaming begins');
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate((text) => window.charts.savePng(text, 2, 'a chart.png'), svg),
    ]);
    expect(png.suggestedFilename()).toBe('a-chart.png');
    const content = readFileSync(await png.path());
    expect(content.subarray(1, 4).toString()).toBe('PNG');
    expect([content.readUInt32BE(16), content.readUInt32BE(20)]).toEqual([1800, 840]);
    const [text] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate((all) => window.charts.saveText(all, 'image/svg+xml', 'chart.svg'), svg),
    ]);
    expect(readFileSync(await text.path(), 'utf8')).toBe(svg);
  });

  it('lives beside others: small ones on one domain, in a calm order', async () => {
    const order = () => page.locator('.small-multiple-title').allTextContents();
    await page.evaluate(() => {
      const host = document.createElement('div');
      document.querySelector('main')?.append(host);
      const multiples = new window.charts.SmallMultiples(host, { onCursor: (t) => window.seen.cursor.push(t) });
      const item = (key: string, level: number): Multiple => ({
        key,
        title: key,
        spec: {
          ...window.spec(0),
          steps: 2,
          marks: [],
          series: [{ key, label: key, kind: 'slice', index: 0, values: Float64Array.of(level, level + 1) }],
        },
      });
      const draw = (...keys: string[]) => multiples.draw(keys.map((key) => item(key, key.length)));
      draw('rural', 'urban', 'near the boundary');
      Object.assign(window, { draw, multiples });
      draw('urban', 'near the boundary', 'rural');
    });
    expect(await order()).toEqual(['rural', 'urban', 'near the boundary']);
    await expect.poll(order).toEqual(['urban', 'near the boundary', 'rural']);
    const axes = await page.evaluate(() =>
      [...document.querySelectorAll('.small-multiple')].map((one) =>
        [...one.querySelectorAll('.chart-ground text[text-anchor=end]')].map((text) => text.textContent).join(),
      ),
    );
    expect(new Set(axes).size).toBe(1);
    await page
      .locator('.small-multiple .chart-hit')
      .first()
      .hover({ position: { x: 2, y: 20 } });
    await expect.poll(() => page.locator('.small-multiple-value').allTextContents()).toEqual(['5.00', '17.0', '5.00']);
  });

  it.each([1, 2])(
    'draws 20 lines of 5,000 steps anew at every frame, and finely once it rests, device pixel ratio %d',
    async (ratio) => {
      await page.close();
      page = await open(1200, 'light', ratio);
      const measured = await page.evaluate(async () => {
        const steps = 5000;
        const lines = Array.from({ length: 20 }, (_, k) => {
          let state = k + 1;
          let level = 0.5 + k * 0.02;
          const random = () => {
            state = (state * 16807) % 2147483647;
            return state / 2147483647 - 0.5;
          };
          return Float64Array.from({ length: steps }, () => {
            level += random() * 0.006;
            return level + random() * 0.02;
          });
        });
        const draw = (length: number) =>
          window.chart.draw({
            title: 'Twenty',
            unit: 'share',
            steps,
            series: lines.map((values, index) => ({
              key: `${index}`,
              label: `policy ${index}`,
              kind: 'policy',
              index,
              values: values.subarray(0, length),
            })),
            cursor: null,
          });
        const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
        const frames: number[] = [];
        const scripts: number[] = [];
        for (let k = 0; k < 30; k++) {
          await frame();
          draw(4700 + k);
        }
        let before = await frame();
        const start = performance.now();
        for (let k = 0; k < 240; k++) {
          const begun = performance.now();
          draw(4740 + k);
          scripts.push(performance.now() - begun);
          const now = await frame();
          frames.push(now - before);
          before = now;
        }
        const middle = (values: number[], share = 0.5) =>
          [...values].sort((a, b) => a - b)[Math.floor(share * values.length)];
        return {
          median: middle(frames),
          p95: middle(frames, 0.95),
          mean: (performance.now() - start) / frames.length,
          script: middle(scripts),
        };
      });
      console.info(
        `20 lines of 5,000 steps at device pixel ratio ${ratio}, redrawn at every frame: median ${measured.median.toFixed(1)} ms a frame, mean ` +
          `${measured.mean.toFixed(1)}, 95 % under ${measured.p95.toFixed(1)}; script ${measured.script.toFixed(1)} ms`,
      );
      // Fine again once it rests.
      await expect
        .poll(() => page.evaluate(() => document.querySelector('canvas')?.width))
        .toBe(
          await page.evaluate(
            (times) => Math.floor(document.querySelector('.chart-plot')?.clientWidth ?? 0) * times,
            ratio,
          ),
        );
    },
  );
}, 60_000);
