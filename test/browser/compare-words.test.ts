/** The page's comparison is the command line's: the same words in, the same figures out. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyResult } from '../../src/study/comparison.js';
import { comparisonColumns } from '../../src/study/comparison-words.js';
import { openBrowser, type Served, serve } from '../support/browser.js';

const FILE = 'scenarios/monitoring/selective-blindness.yaml';
/** Where pictures go, to be looked at; none where it is not set. */
const PICTURES = process.env.DRIFTLOOP_PICTURES ?? '';

const REPLAY = `
name: replayed rows
steps: 16
lab: { size: 40 }
population: { rows: { file: rows.csv, replay: { per: 5 }, columns: { x: x, label: y } } }
outcome: { field: y, kind: binary, value: label }
models: { m: { learner: logistic, features: [x], target: y } }
`;

interface Said {
  readonly metric: string;
  readonly baseline: string;
  readonly oracle: 'exact' | 'best found' | null;
  readonly bestFixed: number | null;
  readonly policies: readonly PolicyResult[];
}

describe('the compare view of a scenario', { timeout: 120_000 }, () => {
  let browser: Browser;
  let served: Served;
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
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const fields = () =>
    page.locator('.policies input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  const open = async (more = '') => {
    await page.goto(`${served.address}/#/compare?scenario=monitoring%2Fselective-blindness${more}`);
    await expect.poll(() => page.locator('.policies li').count(), { timeout: 20_000 }).toBeGreaterThan(0);
  };
  const compare = async () => {
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect.poll(() => page.textContent('.compare .status'), { timeout: 90_000 }).toMatch(/^Done/);
  };
  const pictures = async (name: string) => {
    if (PICTURES === '') return;
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 390]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(200);
        await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${width}.png`), fullPage: true });
      }
  };

  it('shows the figures of `driftloop compare`, yardsticks and all, and keeps its policies in the link', async () => {
    await open();
    expect(await fields()).toEqual(['never', 'calendar', 'alarm', 'cost-aware']);
    // What a name of the scenario stands for is told, and can be changed.
    expect(await page.textContent('.policies li:nth-child(3) p')).toBe('on page-hinkley, cool 3');
    await page.getByRole('button', { name: 'Add a policy' }).click();
    await page.keyboard.type('on page-hinkley');
    await page.keyboard.press('Enter');
    await page.getByLabel('Seeds').fill('3');
    await page.getByLabel('Yardsticks').check();
    await compare();

    const asked = ['never', 'calendar', 'alarm', 'cost-aware', 'on page-hinkley'];
    const flags = asked.flatMap((policy) => ['--policy', policy]);
    const { stdout } = spawnSync(
      process.execPath,
      ['dist/cli/main.js', 'compare', FILE, ...flags, '--yardsticks', '--seeds', '3', '--json'],
      { encoding: 'utf8' },
    );
    const said = JSON.parse(stdout) as Said;
    const columns = comparisonColumns(said, true);
    const expected = said.policies.map((policy) =>
      columns.map(({ cell }) => cell(policy)).filter((_, k) => columns[k].key !== 'verdict'),
    );
    expect(expected.length).toBe(10);
    const verdicts = columns.find(({ key }) => key === 'verdict');
    const rows = page.locator('.compare .table tbody tr');
    const shown = await rows.evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => (cell.cloneNode(true) as Element).textContent ?? '')),
    );
    const at = columns.findIndex(({ key }) => key === 'difference');
    for (const [k, policy] of said.policies.entries()) expected[k][at] += verdicts?.cell(policy) ?? '';
    expect(shown).toEqual(expected);
    expect(await page.textContent('.compare div.note')).toContain(
      `best fixed, in hindsight: ${said.bestFixed === null ? 'never' : `every ${said.bestFixed}`}.`,
    );
    await pictures('words');

    const link = page.url();
    await page.goto('about:blank');
    await page.goto(link);
    await expect.poll(fields, { timeout: 20_000 }).toEqual(asked);
    expect(await page.getByLabel('Seeds').inputValue()).toBe('3');
    expect(await page.getByLabel('Yardsticks').isChecked()).toBe(true);
  });

  it('says under a policy what it expected', async () => {
    await open();
    await page.getByLabel('Policy 2', { exact: true }).fill('on page-hinkly, gates 0.2');
    await page.getByLabel('Policy 2', { exact: true }).press('Enter');
    expect(await page.textContent('.policies .wrong')).toMatch(/`gates 0.2` means nothing; .* did you mean `gate`\?/);
    await pictures('wrong');
    await page.getByLabel('Policy 2', { exact: true }).fill('on page-hinkly');
    await page.getByLabel('Policy 2', { exact: true }).press('Enter');
    expect(await page.locator('.policies .wrong').count()).toBe(0);
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await expect.poll(() => page.textContent('.policies .wrong')).toMatch(/page-hinkly/);
    complaints = complaints.filter((text) => !text.includes('400'));
  });

  it('opens a link from before policies were words', async () => {
    const before = {
      seeds: 2,
      policies: [
        { name: 'mine', set: { 'retrain.when': { every: 20 } } },
        { name: 'b', set: { 'retrain.gate': 1 } },
      ],
    };
    await open(`&compare=${encodeURIComponent(JSON.stringify(before))}`);
    expect(await fields()).toEqual(['every 20']);
    expect(await page.textContent('.compare .status')).toContain('older kind: 1 of its policies');
  });

  it('says of a replay that one run tells all, as the command line does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftloop-replay-'));
    const file = join(folder, 'replay.yaml');
    await writeFile(
      join(folder, 'rows.csv'),
      `x,y\n${Array.from({ length: 120 }, (_, k) => `${k % 11},${k % 11 > (k < 60 ? 5 : 2) ? 1 : 0}`).join('\n')}\n`,
    );
    await writeFile(file, REPLAY);
    const own = await serve({ served: file });
    await page.goto(`${own.address}/#/compare?scenario=served`);
    await expect.poll(fields, { timeout: 20_000 }).toEqual(['never', "the scenario's own", 'every 5', 'every 10']);
    await compare();
    const said = (await page.textContent('.compare .results')) ?? '';
    expect(said).toContain('One run of each policy, 16 steps of replayed rows; each policy meets the same rows.');
    expect(said).toContain('10 seeds gave the same to the last digit');
    expect(said).toContain('(one run of replayed rows)');
    expect(await page.textContent('.compare .table tbody')).not.toContain('±');
    await pictures('replay');
    await own.close();
    await rm(folder, { recursive: true });
  });
});
