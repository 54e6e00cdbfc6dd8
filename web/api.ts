/** What the page asks of the server. A refusal becomes an error whose message can be shown. */
import type {
  Control,
  ControlAnswer,
  Gallery,
  Picture,
  Refusal,
  RunCreated,
  RunRequest,
} from '../src/server/protocol.js';

export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.error);
  }
}

/** What is wrong, line by line: the whole first, then each place, and the nearest word that is known. */
export function told({ diagnostics = [], error }: Refusal): string[] {
  const places = diagnostics.map(({ expected, line, message, nearest }) => {
    const hope =
      nearest !== null
        ? `; did you mean ${nearest}?`
        : expected !== null && expected.length < 160
          ? `, expected ${expected}`
          : '';
    // A value that was put there by hand stands on no line.
    return `${line > 1 ? `Line ${line}: ` : ''}${message}${hope}`;
  });
  return [error, ...new Set(places)].map((line) => line.replaceAll('`', ''));
}

async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`api/${path}`, options);
  } catch {
    throw new RefusedError(0, {
      error: 'The server does not answer. Is it still running? Start it again, then reload.',
    });
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const refusal = body as Refusal | null;
  throw new RefusedError(
    response.status,
    refusal?.error === undefined ? { error: `The server says ${response.status}.` } : refusal,
  );
}

const post = <T>(path: string, body: unknown): Promise<T> =>
  ask<T>(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export const getGallery = (): Promise<Gallery> => ask('scenarios');
export const getPicture = (id: string): Promise<Picture> => ask(`scenarios/${id}/picture`);
export const createRun = (request: RunRequest): Promise<RunCreated> => post('runs', request);
export const control = (id: string, order: Control): Promise<ControlAnswer> => post(`runs/${id}/control`, order);

/** Nobody waits for the answer: the page may be gone before it comes. */
export function dropRun(id: string): void {
  fetch(`api/runs/${id}`, { method: 'DELETE', keepalive: true }).catch(() => {});
}

export const traceAddress = (id: string, format: 'ndjson' | 'csv' | 'parquet' | 'html'): string =>
  `api/runs/${id}/trace.${format}`;
