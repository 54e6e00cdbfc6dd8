/** A scenario from a stranger: it reads no file, calls nothing, stays within the limits, and the server goes on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../support/browser.js';
import { EVERYTHING } from '../support/scenario.js';
import { begin, control, DEFAULT, events, post, records, refused, SMALL, untilState } from '../support/stream.js';

const MINIMAL = `
name: small
steps: 10
population: { size: 50, fields: { x: "normal(0, 1)" } }
outcome: { field: y, value: "x + normal(0, 1)" }
models: { m: { learner: linear, features: [x] } }
`;
const changed = (from: string, to: string): string => {
  expect(MINIMAL).toContain(from);
  return MINIMAL.replace(from, to);
};

describe('a scenario of a stranger', () => {
  let served: Served;
  const complaints: unknown[] = [];
  beforeAll(async () => {
    served = await serve({ stepSeconds: 2, loadSeconds: 5, report: (error) => complaints.push(error) });
  });
  afterAll(async () => {
    // After everything that was tried, the server does what it did.
    const { at } = await begin(served.address, { set: { ...SMALL, steps: 3 }, speed: null });
    expect((await records(`${at}/events`)).length).toBeGreaterThan(8);
    await served.close();
  });
  const tried = async (body: unknown) => refused(await post(`${served.address}/api/runs`, body));

  it('runs', async () => {
    const { at, facts } = await begin(served.address, { text: EVERYTHING, speed: null });
    expect(facts).toMatchObject({ name: 'everything', file: null, individuals: 300 });
    const sent = await records(`${at}/events`);
    expect(JSON.parse(sent.at(-1)?.data ?? '')).toMatchObject({ type: 'end', status: 'complete' });
  });

  it.each([
    ['extends a file', `extends: /etc/passwd\n${MINIMAL}`, 'may not read files'],
    ['extends one of the gallery', `extends: ../feedback/strategic-credit.yaml\n${MINIMAL}`, 'may not read files'],
    [
      'has rows of a file',
      changed('population: { size: 50,', 'population: { rows: { file: /etc/passwd, columns: { a: a } },'),
      'may not read files',
    ],
    ['uses a plug-in', `use: ./plugin.js\n${MINIMAL}`, 'unknown key'],
    ['pollutes', `__proto__: { polluted: 1 }\n${MINIMAL}`, '__proto__'],
    ['pollutes by a field', changed('x: "', '__proto__: "1", x: "'), '__proto__'],
    ['calls a function of the host', changed('"normal(0, 1)"', '"process.exit(1)"'), ''],
    ['calls what it must not', changed('"normal(0, 1)"', '"constructor.constructor(1)"'), ''],
    ['calls what is not there', changed('"normal(0, 1)"', '"fetch(1)"'), ''],
    ['names a member', changed('"normal(0, 1)"', '"x.constructor"'), ''],
    ['is no YAML', 'a: [', 'valid YAML'],
    ['is a list', '- a', 'not a scenario'],
    ['is empty', '', 'not a scenario'],
    ['has too many individuals', changed('size: 50', 'size: 200001'), '200,001 individuals'],
    ['has too many steps', changed('steps: 10', 'steps: 20001'), '20,001 steps'],
    ['has too much work', changed('size: 50', 'size: 200000').replace('steps: 10', 'steps: 1001'), '200,200,000'],
    ['has too large a lab', `${MINIMAL}lab: { size: 200001 }\n`, 'lab'],
    [
      'has too many nodes',
      changed(
        'size: 50, fields: { x: "normal(0, 1)" }',
        'nodes: { x: gauss-hermite 100, z: gauss-hermite 100, w: gauss-hermite 100 }',
      ),
      'individuals',
    ],
    [
      'has too many columns',
      changed(
        'x: "normal(0, 1)"',
        `x: "normal(0, 1)", ${Array.from({ length: 500 }, (_, k) => `f${k}: 1`).join(', ')}`,
      ),
      'columns',
    ],
    [
      'grows in its schedule',
      `${MINIMAL}schedule: [{ at: 2, set: { population.size: 1000000 } }]\n`,
      '`population.size` cannot change while the world runs',
    ],
    ['has a schedule that cannot be', `${MINIMAL}schedule: [{ at: 2, set: { steps: many } }]\n`, ''],
  ])('is refused where it %s', async (_, text, word) => {
    const answer = await tried({ text });
    expect(answer).toMatchObject({ status: 400, error: expect.any(String) });
    expect(answer.diagnostics?.length ?? 0).toBeGreaterThan(0);
    expect(JSON.stringify(answer)).toContain(word);
    expect(JSON.stringify(answer)).not.toMatch(/root:|node_modules|at .*\.(ts|js):/);
  });

  it('is refused at the line that is too large', async () => {
    const answer = await tried({ text: changed('steps: 10', 'steps: 20001') });
    expect(answer.diagnostics).toEqual([expect.objectContaining({ line: 3, column: 8 })]);
  });

  it.each([
    [
      'billion laughs',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.replaceAll(/./g, (c) => {
        const before = String.fromCharCode(c.charCodeAt(0) - 1);
        return `${c}: &${c} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]\n`;
      })}`,
    ],
    ['one that is its own part', 'a: &a { b: *a }'],
    ['a deep one', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['a long formula', changed('"normal(0, 1)"', `"${'1 + '.repeat(5000)}1"`)],
    ['a nested formula', changed('"normal(0, 1)"', `"${'('.repeat(900)}1${')'.repeat(900)}"`)],
    [
      'many keys',
      Array.from({ length: 30_000 }, (_, k) => `k${k}: 1`)
        .join('\n')
        .slice(0, 250_000),
    ],
  ])('is refused in time where it is a bomb: %s', async (_, text) => {
    const answer = await tried({ text });
    expect(answer.status).toBe(400);
  });

  it('is refused where it is too long', async () => {
    expect(await tried({ text: `${MINIMAL}#${'x'.repeat(256 * 1024)}` })).toMatchObject({ status: 413 });
    expect(await tried({ text: 'x'.repeat(10_000_000) })).toMatchObject({ status: 413 });
    const answer = await post(`${served.address}/api/runs`, `{"text":"${'x'.repeat(10_000_000)}`);
    expect(answer.status).toBe(413);
  });

  it.each([
    [{ 'population.size': 1e6 }, 'individuals'],
    [{ steps: 1e5 }, 'steps'],
    [{ 'lab.size': 1e6 }, 'lab'],
    [{ 'population.rows.file': '/etc/passwd' }, ''],
    [{ 'population.rows.file': '/etc/passwd', 'population.rows.columns.a': 'a' }, 'rows'],
    [{ 'rows.file': '/etc/passwd' }, ''],
    [{ extends: '/etc/passwd' }, 'extends'],
    [{ 'respond.nobody.share': 1 }, 'nobody'],
  ])('of the gallery cannot be set to %o', async (set, word) => {
    const answer = await tried({ scenario: DEFAULT, set });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer)).toContain(word);
    expect(JSON.stringify(answer)).not.toContain('root:');
  });

  it.each([
    ['../../package', 404],
    ['/etc/passwd', 404],
    ['served', 404],
    ['nothing/here', 404],
  ])('of the gallery is not %s', async (scenario, status) => {
    expect((await tried({ scenario })).status).toBe(status);
    expect((await fetch(`${served.address}/api/scenarios/${encodeURI(scenario)}/picture`)).status).toBe(404);
  });

  it.each([
    [{ scenario: DEFAULT, text: MINIMAL }, 'one of'],
    [{ scenario: DEFAULT, speed: 'fast' }, 'speed'],
    [{ scenario: DEFAULT, spead: 1 }, 'speed'],
    [{ scenario: DEFAULT, seed: -1 }, 'seed'],
    [{ scenario: DEFAULT, until: 1.5 }, 'until'],
    [{ scenario: DEFAULT, off: ['respond.gamign'] }, 'respond.gaming'],
    [{ scenario: DEFAULT, view: { people: 1e6 } }, 'people'],
    [{ scenario: 7 }, 'scenario'],
  ])('begins no run with %o', async (body, word) => {
    expect(await tried(body)).toMatchObject({ status: 400, error: expect.stringContaining(word) });
  });

  /** Endless: it never converges, and is allowed ten million iterations. */
  const HANGS = `
name: hangs
population: { size: 20000, fields: { x: "normal(0, 1)" } }
outcome: { field: y, probability: sigmoid(x) }
lab: { size: 100 }
models:
  m: { learner: logistic, features: [x], solver: gradient-descent, lossTolerance: 0, maxIterations: 10000000, stepSize: 1e-9 }
retrain: { when: { every: 1 }, window: { last: 1 } }
`;
  it('is ended where a step takes too long, in words that help, and harms no other', async () => {
    const other = await begin(served.address, { set: { ...SMALL, steps: 200 }, speed: 20 });
    const times: number[] = [];
    const listening = (async () => {
      for await (const { id } of events(`${other.at}/events`)) if (id !== null) times.push(performance.now());
    })().catch(() => {});
    const { at } = await begin(served.address, { text: HANGS, twin: false });
    const status = await untilState(`${at}/events`, 'failed');
    expect(status.error).toMatch(/took longer than 2 s: try fewer/);
    expect(await (await fetch(at)).json()).toMatchObject({ status: { state: 'failed' } });
    expect((await post(`${at}/control`, { do: 'retrain' })).status).toBe(409);
    expect(await control(at, { do: 'resume' })).toMatchObject({ state: 'failed' });
    await fetch(other.at, { method: 'DELETE' });
    await listening;
    expect(times.length).toBeGreaterThan(20);
    expect(Math.max(...times.slice(1).map((t, k) => t - times[k]))).toBeLessThan(1500);
    expect(String(complaints.at(-1))).toContain('took longer');
  });
});
