/** How every address refuses: `{ error, diagnostics? }`, whatever went wrong. */
import type { ErrorRequestHandler } from 'express';
import type { Refusal } from './protocol.js';
import { Refused } from './refused.js';

const RETRY_SECONDS = 5;

const WORDS: Readonly<Record<number, string>> = {
  400: 'The request is not a JSON object, or its address is malformed.',
  413: 'The request is larger than this server takes.',
  415: 'The request is in an encoding that this server does not read: it takes UTF-8.',
};

/** `report` is told of what is not the caller's fault; the caller only hears that something went wrong. */
export const refusals =
  (report: (error: unknown) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    const status = statusOf(error);
    if (!(error instanceof Refused) && status >= 500) report(error);
    if (response.headersSent) return next(error);
    if (status === 503) response.set('Retry-After', String(RETRY_SECONDS));
    response.status(status).json(refusalOf(error, status));
  };

function refusalOf(error: unknown, status: number): Refusal {
  if (!(error instanceof Refused)) return { error: WORDS[status] ?? 'The request could not be answered.' };
  const { diagnostics, message } = error;
  return { error: message, ...(diagnostics === undefined ? {} : { diagnostics }) };
}

/** A malformed request is the caller's fault; everything else is ours. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && (status < 500 || error instanceof Refused) ? status : 500;
}
