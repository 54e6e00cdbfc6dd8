/** What a teacher does with the page, in a real browser. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Download, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type Served, serve } from '../support/browser.js';

/** The default scenario with few individuals, as a link says it. */
const SMALL = '#/run?scenario=feedback%2Fstrategic-credit&set=population.size%3D800&set=lab.size%3D2000';

// A browser on a busy machine is late now and then; what is wrong fails each time.
describe('the page', { retry: 2 }, () => {
  let browser: Browser;
  let served: Served;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    served = await serve();
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: served.address });
    page = await newPage();
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  async function newPage(): Promise<Page> {
    const opened = await context.newPage();
    complaints = [];
    opened.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    opened.on('pageerror', ({ message }) => complaints.push(message));
    return opened;
  }

  const open = (more = '', on = page) => on.goto(`${served.address}/${SMALL}${more}`);
  const where = async (on = page) => (await on.textContent('#where')) ?? '';
  const step = async (on = page) => Number(/Step (\d+)/.exec(await where(on))?.[1] ?? -1);
  const at = (t: number, on = page) => expect.poll(() => step(on), { timeout: 20_000 }).toBe(t);
  const gap = async (on = page) => Number((await on.textContent('#gap'))?.replace('−', '-'));
  /** To a step, with the run held there. */
  const held = async (t: number, more = '') => {
    await open(`&t=${t}${more}`);
    await at(t);
    await expect.poll(where).toContain('held');
  };
  const saved = async (out: string): Promise<Download> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-out=${out}]`)]);
    return download;
  };
  const text = async (download: Download) => readFileSync(await download.path(), 'utf8');

  it('opens with the gallery: every lesson with its pictures, and leads into a run that needs no manual', async () => {
    await page.goto(served.address);
    await expect.poll(() => page.locator('.card a').count()).toBeGreaterThan(5);
    await expect.poll(() => page.locator('.card .picture svg').count(), { timeout: 20_000 }).toBeGreaterThan(2);
    await page.click('text=Strategic credit applicants');
    await expect.poll(() => page.textContent('h1')).toBe('Strategic credit applicants');
    await expect
      .poll(() => page.textContent('.sentences'))
      .toMatch(/In the lab \d+\.\d % of predictions were right\..*In the field/);
    const before = await step();
    await expect.poll(step).toBeGreaterThan(before);
    expect(await page.locator('.card').count()).toBe(0);
    await page.goBack();
    await expect.poll(() => page.locator('.card a').count()).toBeGreaterThan(5);
  });

  it('stops at an event, which explains itself', async () => {
    await open('&speed=4');
    await page.check('#stops');
    await at(20);
    await expect.poll(where).toContain('held');
    const told = page.locator('.happenings li.now').first();
    await expect.poll(() => told.textContent()).toContain('gaming');
    expect(await told.textContent()).toContain('60 of 100 applicants shift what they show');
  });

  it('leaves room for the name of a metric beside model and slice on a phone', async () => {
    await page.setViewportSize({ width: 420, height: 900 });
    await page.goto(`${served.address}/#/run?scenario=spurious%2Fmany-models-one-lab&t=3&set=lab.size%3D400`);
    await page.waitForSelector('#model:visible');
    const { width = 0 } = (await page.locator('#metric').boundingBox()) ?? {};
    expect(width).toBeGreaterThan(160);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
  });

  it('lists what happened within bounds, with one stop for the Tab key, and follows the step that is shown', async () => {
    await held(118, '&speed=max&set=retrain.when.every%3D2');
    const list = page.locator('.happenings ol');
    const items = list.locator('li');
    expect(await items.count()).toBeGreaterThan(55);
    const { height = 0 } = (await list.boundingBox()) ?? {};
    expect(height).toBeLessThan(500);
    const inSight = () =>
      list.evaluate((element) => {
        const box = element.getBoundingClientRect();
        const now = [...element.children]
          .findLast((item) => !item.classList.contains('later'))
          ?.getBoundingClientRect();
        return now !== undefined && now.top >= box.top - 1 && now.bottom <= box.bottom + 1;
      });
    expect(await inSight()).toBe(true);
    await page.keyboard.press('Home');
    await expect.poll(inSight).toBe(true);
    expect(await list.evaluate((element) => element.scrollTop)).toBeLessThan(height);
    expect(await list.locator('button[tabindex="0"]').count()).toBe(1);
    await list.locator('button[tabindex="0"]').focus();
    await page.keyboard.press('End');
    expect(
      await items
        .last()
        .locator('button')
        .evaluate((button) => button === document.activeElement),
    ).toBe(true);
    await page.keyboard.press('ArrowUp');
    expect(await list.locator('button[tabindex="0"]').evaluate((button) => button === document.activeElement)).toBe(
      true,
    );
    expect(await list.evaluate((element) => element.scrollTop)).toBeGreaterThan(height);
  });

  it('has a slider that makes actual fall, and a switch that brings the twin back', async () => {
    // Without retraining the score cannot learn to trust less what people show.
    await held(45, '&speed=20&off=drift.recession&set=retrain.when%3D%22never%22');
    const before = await gap();
    expect(before).toBeLessThan(-5);
    await page.locator('#knob-0').fill('0');
    await page.click('text=Play');
    await expect.poll(step, { timeout: 20_000 }).toBeGreaterThanOrEqual(56);
    await page.click('#play');
    const without = await gap();
    expect(without).toBeGreaterThan(before + 4);
    await page.locator('#knob-0').fill('20');
    await page.click('text=Play');
    const now = await step();
    await expect.poll(step, { timeout: 20_000 }).toBeGreaterThanOrEqual(Math.min(119, now + 10));
    await page.click('#play');
    expect(await gap()).toBeLessThan(without - 4);
  });

  it('switches a mechanism off, and the run goes where its twin is', async () => {
    await held(30, '&off=drift.recession&speed=max');
    const twinGap = async () => {
      const said = (await page.textContent('.sentences')) ?? '';
      const field = Number(/In the field (\d+\.\d)/.exec(said)?.[1]);
      const twin = Number(/Without feedback it would be (\d+\.\d)/.exec(said)?.[1]);
      return twin - field;
    };
    expect(await twinGap()).toBeGreaterThan(3);
    await page.getByRole('switch', { name: 'respond gaming' }).uncheck();
    await page.getByRole('switch', { name: 'collect selective labels' }).uncheck();
    await page.click('text=Play');
    await expect.poll(where, { timeout: 30_000 }).toContain('the run has ended');
    expect(Math.abs(await twinGap())).toBeLessThan(6);
    expect(await page.textContent('.happenings')).toContain('respond.gaming.off');
  });

  it('scrubs back, and a hand there begins another future', async () => {
    await held(50, '&speed=30');
    const then = await gap();
    await page.locator('#timeline').fill('10');
    await at(10);
    expect(await where()).toContain('looking back from 50');
    expect(Math.abs(await gap())).toBeLessThan(4);
    await page.getByRole('switch', { name: 'respond gaming' }).uncheck();
    await expect.poll(where).toBe('Step 10 of 119: held');
    await page.click('text=Play');
    await expect.poll(step, { timeout: 20_000 }).toBeGreaterThanOrEqual(50);
    await page.click('#play');
    expect(await gap()).toBeGreaterThan(then + 3);
  });

  it('retrains now', async () => {
    await held(30);
    await page.click('text=Retrain now');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await at(33);
    await expect.poll(() => page.textContent('.happenings')).toMatch(/step 3[12].*version 3/s);
  });

  it('has knobs that follow the scenario, where it changes a value itself', async () => {
    await page.goto(`${served.address}/#/run?scenario=spurious%2Fanti-causal-shortcut&set=population.size%3D300&t=45`);
    await at(45);
    expect(await page.inputValue('#knob-0')).toBe('-1');
    await page.locator('#timeline').fill('25');
    await at(25);
    expect(await page.inputValue('#knob-0')).toBe('0');
  });

  it('tells names within the story as code, and nothing of a scenario as markup', async () => {
    await page.goto(`${served.address}/#/run?scenario=monitoring%2Funder-the-radar&set=population.size%3D300&t=40`);
    await at(40);
    await expect.poll(() => page.textContent('.say code')).toBe('against the lab');
    expect(await page.textContent('.say')).toMatch(/^against the lab has alarmed/);
    const named =
      'about: "a <b>bold</b> `<i>name</i>`"\nname: Own\nsteps: 3\npopulation: { size: 20, fields: { x: "normal(0, 1)" } }\noutcome: { field: y, value: x }\nlab: { size: 20 }\nmodels: { m: { learner: linear, features: [x], target: y } }';
    await page.goto(`${served.address}/#/run?text=${encodeURIComponent(named)}`);
    await expect.poll(() => page.textContent('.about code')).toBe('<i>name</i>');
    expect(await page.textContent('.about')).toBe('a <b>bold</b> <i>name</i>');
  });

  it('has a policy that says the window of the scenario, and changes it into one of another form', async () => {
    await page.goto(`${served.address}/#/run?scenario=monitoring%2Fsilent-concept-drift&set=population.size%3D300&t=5`);
    await at(5);
    const chosen = () =>
      page.locator('#retrain-window').evaluate((box: HTMLSelectElement) => box.selectedOptions[0].text);
    const count = page.getByLabel('On: the newest how many rows');
    expect(await chosen()).toBe('the newest …');
    expect(await count.inputValue()).toBe('600');
    await page.getByLabel('On', { exact: true }).selectOption('last');
    await expect.poll(() => page.getByLabel('On: the last how many steps').inputValue()).toBe('20');
    await page.keyboard.press('ArrowRight');
    await at(6);
    expect(await chosen()).toBe('the last …');
    expect(await page.isVisible('#problem')).toBe(false);
  });

  it('has a link that shows another person the same picture, hands and all', async () => {
    await held(30, '&speed=30');
    await page.locator('#knob-0').fill('8');
    await page.click('text=Play');
    await expect.poll(step, { timeout: 20_000 }).toBeGreaterThanOrEqual(60);
    await page.click('#play');
    const shown = await step();
    await page.selectOption('#metric', 'logLoss');
    await page.keyboard.press('l');
    await expect.poll(() => page.textContent('.out-menu')).toContain('Copied');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const other = await newPage();
    await other.goto(link);
    await at(shown, other);
    await expect.poll(() => where(other)).toContain('held');
    expect(await other.textContent('.sentences')).toBe(await page.textContent('.sentences'));
    expect(await other.inputValue('#knob-0')).toBe('8');
    expect(await other.inputValue('#metric')).toBe('logLoss');
    const chart = async (on: Page) => {
      const [download] = await Promise.all([on.waitForEvent('download'), on.click('[data-out=svg]')]);
      return readFileSync(await download.path(), 'utf8');
    };
    const third = await newPage();
    await third.goto(link);
    await at(shown, third);
    await expect.poll(() => where(third)).toContain('held');
    expect(await chart(third)).toBe(await chart(other));
  });

  it('exports pictures and numbers that open', async () => {
    await held(25, '&speed=max');
    const svg = await text(await saved('svg'));
    expect(svg).toMatch(/^<svg[^>]*xmlns=/);
    const alone = await newPage();
    await alone.setContent(svg);
    expect(await alone.locator('svg path').count()).toBeGreaterThan(3);
    expect(await text(await saved('world-svg'))).toContain('<circle');
    const png = readFileSync(await (await saved('png')).path());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBeGreaterThan(10_000);
    expect(
      readFileSync(await (await saved('world-png')).path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const rows = (await text(await saved('csv'))).trim().split('\n');
    expect(rows[0]).toContain('actual.accuracy');
    // Two runs of 26 steps, under one head.
    expect(rows.length).toBe(53);
    const lines = (await text(await saved('ndjson'))).trim().split('\n');
    expect(JSON.parse(lines[0])).toMatchObject({ type: 'header', name: 'Strategic credit applicants' });
    expect(
      readFileSync(await (await saved('parquet')).path())
        .subarray(0, 4)
        .toString(),
    ).toBe('PAR1');
  });

  it('exports one HTML file in which everything is alive, from disk', async () => {
    await open('&speed=max');
    await expect.poll(where, { timeout: 30_000 }).toContain('the run has ended');
    const said = await page.textContent('.sentences');
    const download = await saved('html');
    const path = `${await download.path()}.html`;
    await download.saveAs(path);
    const file = await newPage();
    const asked: string[] = [];
    file.on('request', (request) => asked.push(request.url()));
    await file.goto(pathToFileURL(path).href);
    await expect.poll(() => file.textContent('h1')).toBe('Strategic credit applicants');
    expect(await file.textContent('.sentences')).toBe(said);
    await file.locator('#timeline').fill('30');
    await at(30, file);
    expect(await file.textContent('.sentences')).not.toBe(said);
    await file.click('#play');
    await expect.poll(() => step(file)).toBeGreaterThan(31);
    expect(await file.locator('.world canvas').count()).toBeGreaterThan(0);
    expect(await file.isDisabled('#knob-0')).toBe(true);
    // What cannot work in a file is not there, or does not look as if it could.
    expect(await file.isDisabled('.world-axis-x select')).toBe(true);
    for (const gone of ['#copy-link', '[data-out=csv]', '#run-file', '#nav a', '#seed'])
      expect(await file.locator(gone).filter({ visible: true }).count()).toBe(0);
    await file.click('text=The scenario file');
    expect(await file.inputValue('#file-text')).toContain('name: Strategic credit applicants');
    expect(asked.filter((address) => /^https?:/.test(address))).toEqual([]);
  });

  it('tells its story with one key', async () => {
    await open('&speed=30');
    await expect.poll(() => page.textContent('.story-panel')).toContain('The score is deployed');
    await page.keyboard.press('n');
    await at(20);
    expect(await page.textContent('.story-panel')).toContain('Applicants have learnt');
    await page.keyboard.press('n');
    await at(40);
    await page.keyboard.press('n');
    await at(60);
    expect(await page.textContent('.story-panel')).toContain('A recession begins');
    await page.keyboard.press('p');
    await at(40);
  });

  it('can be worked by keyboard alone', async () => {
    await page.goto(served.address);
    await expect.poll(() => page.locator('.card a').count()).toBeGreaterThan(5);
    const focus = async (selector: string, most = 80) => {
      for (let k = 0; k < most; k++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
      }
      throw new Error(`Tab does not lead to ${selector}`);
    };
    await focus('a[href*="strategic-credit"]');
    await page.keyboard.press('Enter');
    await expect.poll(step).toBeGreaterThan(0);
    await page.keyboard.press(' ');
    await expect.poll(where).toMatch(/held|looking back/);
    const paused = await step();
    await page.keyboard.press('ArrowLeft');
    await at(paused - 1);
    await page.keyboard.press('Home');
    await at(0);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    await expect.poll(step).toBeGreaterThan(paused);
    await focus('#knob-0');
    const value = Number(await page.inputValue('#knob-0'));
    await page.keyboard.press('ArrowRight');
    expect(Number(await page.inputValue('#knob-0'))).toBeGreaterThan(value);
    await page.keyboard.press('r');
    await page.keyboard.press('?');
    await expect.poll(() => page.isVisible('dialog')).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await expect.poll(() => page.locator('.card a').count()).toBeGreaterThan(5);
  });

  it('runs a scenario of one own, and says what is wrong with it', async () => {
    await page.goto(served.address);
    const area = page.locator('#own-text');
    await area.fill(
      'name: mine\nsteps: 5\npopulation: { size: 50, fields: { x: "normal(0, 1)" } }\noutcome: { field: y, probability: sigmoid(z) }\nmodels: { m: { learner: logistic, features: [x], target: y } }\n',
    );
    await page.click('text=Run it');
    await expect.poll(() => page.textContent('#problem')).toMatch(/z/);
    complaints = complaints.filter((line) => !line.includes('400'));
    await page.goBack();
    await area.fill(
      'name: mine\nsteps: 5\npopulation: { size: 50, fields: { x: "normal(0, 1)" } }\noutcome: { field: y, probability: sigmoid(x) }\nmodels: { m: { learner: logistic, features: [x], target: y } }\n',
    );
    await page.click('text=Run it');
    await expect.poll(where).toContain('the run has ended');
    expect(await page.textContent('h1')).toBe('mine');
  });

  it('says why a run cannot begin, and shows nothing of it', async () => {
    await page.goto(`${served.address}/#/run?scenario=nope`);
    await expect.poll(() => page.textContent('#problem')).toContain('There is no scenario nope');
    expect(await page.textContent('h1')).toBe('This run cannot begin');
    for (const part of ['.stage', '.transport', '.out-menu', '.gap']) expect(await page.isVisible(part)).toBe(false);
    await page.click('text=To the gallery');
    await expect.poll(() => page.locator('.card a').count()).toBeGreaterThan(5);
    complaints = complaints.filter((line) => !line.includes('404'));
  });

  it('refuses a hand after the last step, says why, and puts the control back', async () => {
    await open('&speed=max&set=steps%3D8');
    await expect.poll(where, { timeout: 20_000 }).toContain('the run has ended');
    const value = await page.inputValue('#knob-0');
    await page.locator('#knob-0').fill('1');
    await expect.poll(() => page.textContent('#problem')).toContain('This is the last step');
    await expect.poll(() => page.inputValue('#knob-0')).toBe(value);
    await page.click('[aria-label="To the first step"]');
    await at(0);
    await expect.poll(() => page.isVisible('#problem')).toBe(false);
  });

  it('takes keys as fast as they come, there and back', async () => {
    await held(10);
    for (let k = 0; k < 6; k++) await page.keyboard.press('ArrowRight');
    for (let k = 0; k < 8; k++) await page.keyboard.press('ArrowLeft');
    await expect.poll(step).toBeLessThan(10);
    expect(await page.isVisible('#problem')).toBe(false);
  });

  it('shows the metrics of every model, and the gap with them', async () => {
    await page.goto(`${served.address}/#/run?scenario=published%2Fp10a-cascade&t=15`);
    await at(15);
    await expect.poll(() => page.textContent('.gap')).toContain('The gap of downstream');
    const before = await page.textContent('#gap');
    await page.selectOption('#model', 'upstream');
    await expect.poll(() => page.textContent('.gap')).toContain('The gap of upstream');
    await expect.poll(() => page.textContent('#gap')).not.toBe(before);
    expect(page.url()).toContain('model=upstream');
    // Nothing here is feedback: there is no twin to speak of.
    await expect.poll(() => page.textContent('.sentences')).not.toContain('Without feedback');
  });

  it('shows its file, which may be changed and run', async () => {
    await held(5);
    await page.click('text=The scenario file');
    const file = await page.inputValue('#file-text');
    expect(file).toContain('name: Strategic credit applicants');
    await page.fill('#file-text', file.replace('size: 5000', 'size: 300').replace(/name: .*/, 'name: Mine'));
    await page.click('#run-file');
    await expect.poll(() => page.textContent('h1'), { timeout: 10_000 }).toBe('Mine');
    expect(await page.inputValue('#file-text')).toContain('name: Mine');
  });

  it('tells who listens where it has come to rest, and not each step', async () => {
    await open('&speed=30');
    await expect.poll(step).toBeGreaterThan(3);
    const heard = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const live = [...document.querySelectorAll('[role=status], [aria-live=polite]:not(.say)')];
          const before = live.map((one) => one.textContent);
          setTimeout(() => {
            resolve(live.filter((one, k) => one.textContent !== before[k]).map((one) => one.textContent ?? ''));
          }, 1500);
        }),
    );
    expect(heard).toEqual([]);
    await page.click('#play');
    await expect
      .poll(() => page.textContent('.transport [role=status]'))
      .toMatch(/^Step \d+ of 119(: held|, looking back)/);
    await expect.poll(() => page.textContent('.world-spoken')).toMatch(/^Step \d+:/);
  });

  it('draws any of the small charts large', async () => {
    await held(12, '&speed=max');
    await page.selectOption('#out-chart', { label: 'default rate' });
    const svg = await text(await saved('svg'));
    expect(svg).toContain('default rate');
    expect(svg).toMatch(/width="960"/);
  });

  it('says so when the server has gone', async () => {
    const other = await serve();
    await page.goto(`${other.address}/${SMALL}`);
    await expect.poll(step).toBeGreaterThan(1);
    await other.close();
    await expect.poll(() => page.textContent('#problem'), { timeout: 20_000 }).toMatch(/trying again|is lost/);
    // The browser itself reports the connections that it could not make.
    complaints = complaints.filter((line) => !line.includes('ERR_'));
  });
});
