/** Talks to a server as the page does: begins runs, listens, puts hands on them. */
import { expect } from 'vitest';
import type {
  ControlAnswer,
  Refusal,
  RunCreated,
  RunRequest,
  RunStatus,
  ViewFrame,
} from '../../src/server/protocol.js';

export interface Sent {
  /** Of a record, its number; null for a named event. */
  readonly id: number | null;
  readonly event: string;
  readonly data: string;
}

export const DEFAULT = 'feedback/strategic-credit';
/** The default scenario at a fraction of the time. */
export const SMALL = { 'population.size': 300, 'lab.size': 600 };

export async function post(address: string, body: unknown, headers = {}): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Begins a run of the small default scenario, or of another. */
export async function begin(address: string, request: Partial<RunRequest> = {}): Promise<RunCreated & { at: string }> {
  const own = request.scenario !== undefined || request.text !== undefined;
  const response = await post(`${address}/api/runs`, own ? request : { scenario: DEFAULT, set: SMALL, ...request });
  const created = await response.json();
  expect([response.status, created.error]).toEqual([201, undefined]);
  return { ...created, at: `${address}/api/runs/${created.id}` };
}

/** Events as they come; leaving the loop leaves the stream. */
export async function* events(address: string, headers = {}): AsyncGenerator<Sent> {
  const leave = new AbortController();
  try {
    const response = await fetch(address, { headers, signal: leave.signal });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += Buffer.from(bytes).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const id = line('id');
        const data = line('data');
        if (data !== undefined) yield { id: id === undefined ? null : Number(id), event: line('event') ?? '', data };
      }
    }
  } finally {
    leave.abort();
  }
}

/** The records of a stream: to its end, or so many. */
export async function records(address: string, most = Number.POSITIVE_INFINITY, headers = {}): Promise<Sent[]> {
  const sent: Sent[] = [];
  for await (const event of events(address, headers)) {
    if (event.id !== null) sent.push(event);
    if (sent.length >= most) break;
  }
  return sent;
}

/** The first state that is as wanted. */
export async function untilState(address: string, wanted: RunStatus['state']): Promise<RunStatus> {
  for await (const { data, event } of events(address)) {
    if (event !== 'status') continue;
    const status: RunStatus = JSON.parse(data);
    if (status.state === wanted) return status;
  }
  throw new Error(`the run was never ${wanted}`);
}

export async function frames(address: string, most: number): Promise<ViewFrame[]> {
  const seen: ViewFrame[] = [];
  for await (const { data, event } of events(`${address}?view=1`)) {
    if (event === 'view') seen.push(JSON.parse(data));
    if (seen.length >= most) break;
  }
  return seen;
}

export async function control(run: string, asked: unknown): Promise<ControlAnswer> {
  const response = await post(`${run}/control`, asked);
  const answer = await response.json();
  expect([response.status, answer]).toEqual([200, expect.objectContaining({ state: expect.any(String) })]);
  return answer;
}

export async function refused(response: Response): Promise<{ status: number } & Refusal> {
  return { status: response.status, ...(await response.json()) };
}
