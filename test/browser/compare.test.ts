/** Policies side by side and the challenge, as a person uses them, in a real browser; the modules are bundled for it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import express from 'express';
import helmet from 'helmet';
import type { Browser, Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { openingOf } from '../../src/scenario/opening.js';
import { compareRoutes } from '../../src/server/compare.js';
import { LIMITS } from '../../src/server/limits.js';
import type { RunFacts } from '../../src/server/protocol.js';
import { refusals } from '../../src/server/refusals.js';
import { Threads } from '../../src/server/thread.js';
import { firstPolicies } from '../../src/study/asked-policies.js';
import type { CompareContext } from '../../web/compare.js';
import type { CompareState } from '../../web/compare-state.js';
import { openBrowser } from '../support/browser.js';

const FILE = resolve('scenarios/feedback/strategic-credit.yaml');
const SET = { 'population.size': 500, 'lab.size': 1000, steps: 60 };
/** Where pictures go, to be looked at; none where it is not set. */
const PICTURES = process.env.DRIFTLOOP_PICTURES ?? '';

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Compare</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="./page.css">
<script type="module" src="./page.ts"></script></head>
<body><main><h1>Compare</h1><h2>On the same draws</h2><section id="compare"></section><section id="challenge"></section></main></body></html>`;
const STYLE = `body { margin: 0; padding: 1rem; background: var(--ground); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: auto; } h1 { color: var(--ink); font-size: 1.4rem; }`;
const script = (web: string) => `
import '${web}/tokens.css'; import '${web}/chart.css'; import '${web}/compare.css';
import { CompareView } from '${web}/compare.ts';
import { ChallengeView } from '${web}/challenge.ts';
const at = (id) => document.getElementById(id);
window.states = [];
const compare = new CompareView(at('compare'), { onState: (state) => window.states.push(JSON.parse(JSON.stringify(state))) });
const challenge = new ChallengeView(at('challenge'));
window.show = (which, context, state) => {
  for (const id of ['compare', 'challenge']) at(id).hidden = id !== which;
  (which === 'compare' ? compare : challenge).open(context, state);
};`;

declare global {
  interface Window {
    states: CompareState[];
    show(which: 'compare' | 'challenge', context: CompareContext, state?: CompareState): void;
  }
}

async function bundle(folder: string): Promise<void> {
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'page.css'), STYLE);
  await writeFile(join(folder, 'page.ts'), script(resolve('web')));
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    base: './',
    build: { outDir: join(folder, 'out'), target: 'es2022', modulePreload: { polyfill: false } },
  });
}

async function contextOf(set: Record<string, number>): Promise<CompareContext> {
  const loaded = await loadScenario(FILE, { set });
  const { plan, scenario } = loaded;
  const facts: RunFacts = {
    name: scenario.name,
    about: scenario.about ?? '',
    lesson: 'feedback',
    source: null,
    steps: plan.steps,
    seed: 1,
    individuals: plan.population.size,
    primary: plan.primary,
    models: plan.models.map(({ columns, kind, name, target }) => ({
      name,
      learner: 'logistic',
      kind,
      target,
      features: columns,
      retrainPath: 'retrain',
      retrain: scenario.retrain,
    })),
    decisions: ['approve'],
    outcome: 'repaid',
    fields: ['income', 'utilisation', 'lines'],
    knobs: [],
    mechanisms: plan.mechanisms.map(({ from, id, off, to }) => ({
      id,
      about: '',
      off,
      from,
      to: Number.isFinite(to) ? to : null,
    })),
    story: [],
    theory: [],
    opening: openingOf(loaded),
    hasCosts: scenario.costs !== undefined,
    policies: scenario.policies ?? {},
    monitors: plan.monitors.map(({ alarm, name }) => ({ name, alarm })),
    file: null,
  };
  return { request: { scenario: 'feedback/strategic-credit', set, off: [], seed: 1 }, facts };
}

describe('compare and challenge', { timeout: 90_000 }, () => {
  const threads = new Threads();
  let folder: string;
  let server: Server;
  let address: string;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftloop-compare-'));
    await bundle(folder);
    const app = express();
    const self = ["'self'"];
    const directives = {
      defaultSrc: ["'none'"],
      scriptSrc: self,
      styleSrc: self,
      connectSrc: self,
      imgSrc: ["'self'", 'data:'],
    };
    app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives }, strictTransportSecurity: false }));
    const gallery = { source: () => ({ kind: 'file' as const, file: FILE }) };
    const report = () => {};
    app.use('/api', compareRoutes(threads, gallery, { limits: LIMITS, scenarioBytes: 1e5, report }));
    app.use('/api', refusals(report));
    app.get('/favicon.ico', (_, response) => void response.status(204).end());
    app.use(express.static(join(folder, 'out')));
    server = createServer(app);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await openBrowser();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await threads.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(address);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const show = async (which: 'compare' | 'challenge', set: Record<string, number>, state?: CompareState) => {
    const context = await contextOf(set);
    await page.evaluate(([name, how, what]) => window.show(name, how, what), [which, context, state] as const);
  };
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const status = (which: string) => page.textContent(`#${which} .status`);
  const finished = () => expect.poll(() => status('compare'), { timeout: 60_000 }).toMatch(/^Done/);
  const rows = () => page.locator('#compare .results tbody tr').count();
  const picture = async (name: string) => {
    if (PICTURES === '') return;
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  };
  const accessible = async () => {
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(' ')}`);
    });
    expect(found).toEqual([]);
  };
  const looks = async (name: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [size, width] of [
        ['wide', 1280],
        ['narrow', 360],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await picture(`${name}-${colorScheme}-${size}`);
      }
      await accessible();
    }
  };

  it('compares three policies over five seeds: table, bands and front', async () => {
    await show('compare', SET, {
      seeds: 5,
      yardsticks: false,
      policies: ['never', 'every 20, last 40', 'every 5, all'],
    });
    expect(await page.locator('#compare .results').isHidden()).toBe(true);
    await press('Compare');
    await finished();
    expect(await status('compare')).toBe('Done: 15 runs.');
    expect(await rows()).toBe(3);
    expect(await page.locator('.pareto circle').count()).toBe(3);
    expect(await page.locator('.pareto .bar').count()).toBe(6);
    // The cheapest comes first.
    const names = await page.locator('#compare tbody th').allTextContents();
    expect(await page.locator('.pareto text.name').allTextContents()).toEqual(names);
    expect(await page.textContent('.verdict')).toMatch(/^Cheapest: .*5 seeds\)\./);
    expect((await page.textContent('#compare tbody')) ?? '').toMatch(/cheaper|dearer|unclear/);
    const means = await page
      .locator('#compare tbody td:nth-child(3)')
      .evaluateAll((cells) => cells.map(({ textContent }) => Number(textContent?.split(' ')[0].replaceAll(',', ''))));
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(means.length).toBe(3);
    await looks('compare');
  });

  it('edits, adds and removes policies, and says so in its state', async () => {
    await show('compare', SET);
    const field = (k: number) => page.getByLabel(`Policy ${k}`, { exact: true });
    const words = () =>
      page.locator('.policies input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    const first = ['never', "the scenario's own", 'every 5', 'every 10'];
    const { facts } = await contextOf(SET);
    expect(await words()).toEqual(firstPolicies(facts.policies, 60));
    expect((await words()).slice(0, 4)).toEqual(first);
    await field(1).fill(' every  7, last 15 ');
    await field(1).press('Tab');
    expect((await words())[0]).toBe('every 7, last 15');
    await page.getByRole('button', { name: 'Remove every 10' }).click();
    expect(await page.evaluate(() => document.activeElement?.closest('li') !== null)).toBe(true);
    await page.click('text="Add a policy"');
    await page.keyboard.type('evry 7');
    await page.keyboard.press('Enter');
    const last = page.locator('.policies li').last();
    expect(await last.textContent()).toContain('`evry 7` means nothing; expected parts such as `never`');
    await press('Compare');
    expect(await status('compare')).toContain('not understood');
    expect(await last.locator('input').evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('every 7, last 15');
    await page.keyboard.press('Enter');
    expect(await last.textContent()).toContain('The same as one above.');
    await last.locator('input').fill('at 10 30');
    await last.locator('input').press('Tab');
    await page.getByLabel('Seeds').fill('2');
    await page.getByLabel('Seeds').press('Tab');
    const state = await page.evaluate(() => window.states.at(-1));
    expect(state).toMatchObject({ seeds: 2, yardsticks: false });
    expect(state?.policies[0]).toBe('every 7, last 15');
    expect(state?.policies.at(-1)).toBe('at 10 30');
    await press('Compare');
    await finished();
    expect(await rows()).toBe(state?.policies.length);
    await field(1).fill('every 9');
    await field(1).press('Tab');
    expect(await status('compare')).toContain('Compare again');
  });

  it('stops midway, and keeps what came', async () => {
    await show(
      'compare',
      { 'population.size': 5000 },
      {
        seeds: 50,
        yardsticks: false,
        policies: ["the scenario's own", 'never'],
      },
    );
    await press('Compare');
    await expect.poll(() => page.textContent('#compare .done'), { timeout: 20_000 }).toMatch(/^[3-9] of 100 runs/);
    await page.keyboard.press('Enter');
    await expect.poll(() => status('compare')).toMatch(/^Stopped after \d+ of 100 runs\.$/);
    expect(await rows()).toBe(2);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Compare');
    await expect.poll(() => page.locator('#compare .policies').isEnabled()).toBe(true);
  });

  it('tells what the server refuses', async () => {
    await show('compare', SET, { seeds: 50, yardsticks: false, policies: ['never', 'on nothing'] });
    await press('Compare');
    await expect.poll(() => status('compare')).toContain('policy on nothing');
    const field = page.getByLabel('Policy 2', { exact: true });
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await page.textContent('.policies li:nth-child(2) .wrong')).toMatch(/nothing.*expected/);
    complaints = complaints.filter((text) => !text.includes('400'));
  });

  it('finds the oracle and takes tries, by keyboard alone', async () => {
    await show('challenge', SET);
    const focus = async (what: string) => {
      for (let k = 0; k < 40; k++) {
        const here = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null;
          return `${element?.value ?? ''} ${element?.textContent ?? ''} ${element?.getAttribute('aria-label') ?? ''}`;
        });
        if (here.includes(what)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`the Tab key does not lead to ${what}`);
    };
    await focus('Steps between trainings');
    await page.keyboard.press('Home');
    for (let k = 0; k < 9; k++) await page.keyboard.press('ArrowRight');
    expect(await page.textContent('#challenge .slider output')).toBe('every 10 steps');
    await focus('Try');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.textContent('#challenge .says'), { timeout: 60_000 })
      .toMatch(/than the oracle|what the oracle pays/);
    expect(await page.locator('#challenge tbody tr').count()).toBe(3);
    expect(await page.textContent('#challenge .about')).toContain('of 31 policies');
    // The choice by hand begins from the rule's steps.
    await page.getByLabel('By hand').check();
    expect(await page.inputValue('#challenge .wide input')).toBe('9, 19, 29, 39, 49');
    // By hand: beginning from every ten steps, the first is taken back and another picked.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await focus('Steps of the run');
    await page.keyboard.press('Home');
    for (let k = 0; k < 9; k++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Delete');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await page.inputValue('#challenge .wide input')).toBe('19, 20, 29, 39, 49');
    expect(await page.getAttribute('.strip', 'aria-valuetext')).toBe('step 20: retrains; 5 chosen');
    await focus('Try');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#challenge tbody tr.try').count(), { timeout: 20_000 }).toBe(2);
    expect(await page.textContent('#challenge tr.new')).toContain('at 5 steps, last 40');
    // A try is taken up again, and judged the same.
    await focus('Take up again: every 10');
    await page.keyboard.press('Enter');
    expect(await page.textContent('#challenge .slider output')).toBe('every 10 steps');
    await looks('challenge');
  });

  it('counts the error and a price of one’s own where the scenario has no costs', async () => {
    const context = await contextOf(SET);
    const text = `
name: linear drift
steps: 40
population: { size: 200, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "x + 0.05 * t + normal(0, 0.2)" }
models: { m: { learner: linear, features: [x], target: y } }
`;
    const facts: RunFacts = {
      ...context.facts,
      steps: 40,
      individuals: 200,
      hasCosts: false,
      mechanisms: [],
      primary: { model: 'm', metric: 'rmse' },
    };
    const own: CompareContext = { request: { text, set: {}, off: [], seed: 1 }, facts };
    await page.evaluate((how) => window.show('challenge', how), own);
    await press('Try');
    await expect
      .poll(() => page.textContent('#challenge .says'), { timeout: 60_000 })
      .toMatch(/than the oracle|what the oracle pays/);
    const oracle = () => page.textContent('#challenge .number.oracle span');
    const before = await oracle();
    await page.getByLabel('A training costs').fill('1000');
    expect(await oracle()).toBe('The oracle: never');
    await page.getByLabel('A training costs').fill('0');
    expect(await oracle()).toBe('The oracle: every 1, last 10');
    expect(before).toMatch(/every/);
    // The oracle's own policy is level with it; the last step alone is not in its set, and better here.
    await page.getByLabel('Steps between trainings').fill('1');
    for (const [back, medal] of [
      ['10', 'Level with the oracle'],
      ['1', 'Oracle beaten'],
    ]) {
      await page.getByLabel('Steps back').fill(back);
      await press('Try');
      await expect.poll(() => page.textContent('#challenge .says'), { timeout: 10_000 }).toContain(medal);
    }
    await accessible();
    await picture('challenge-without-costs');
    await page.evaluate((how) => window.show('compare', how), own);
    await page.getByLabel('Seeds').fill('3');
    await press('Compare');
    await finished();
    expect(await page.textContent('#compare figcaption >> nth=1')).toContain('number of trainings');
    expect(await page.textContent('.verdict')).toMatch(/^Least error \(RMSE\)/);
    await picture('compare-without-costs');
  });

  it('weighs little, with the grammar of policies and what a comparison comes to', async () => {
    await writeFile(
      join(folder, 'both.ts'),
      `export * from '${resolve('web/compare.ts')}'; export * from '${resolve('web/challenge.ts')}';`,
    );
    const made = (await build({
      root: folder,
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        target: 'es2022',
        modulePreload: false,
        rollupOptions: {
          input: join(folder, 'both.ts'),
          preserveEntrySignatures: 'strict',
          // What the page has anyway.
          external: ['d3', /time-chart/],
        },
      },
    })) as Rollup.RollupOutput;
    const [{ code }] = made.output;
    expect(gzipSync(code).length).toBeLessThan(18 * 1024);
  });
});
