/** What stands before every request: who may speak to the server, and how much. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { Refused } from './refused.js';

/** The page's own scripts and styles, pictures that it draws, and files that it makes; nothing from elsewhere. */
export const policy = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The page is served on loopback without TLS: a browser told to insist on it would find nothing.
    strictTransportSecurity: false,
  });

const OWN_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * On loopback, only requests that call the server by one of loopback's names: a page from elsewhere whose name was made
 * to mean this machine (DNS rebinding) calls it by its own.
 */
export function ownName(request: Request, _response: Response, next: NextFunction): void {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  next(OWN_NAMES.has(name) ? undefined : new Refused('This server answers to localhost only.', undefined, 403));
}

/** A form of another site can post, but not JSON. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const isJson = request.method !== 'POST' || request.is('application/json') !== false;
  next(isJson ? undefined : new Refused('The request must be JSON: `Content-Type: application/json`.', undefined, 415));
}

/** So many requests a minute from one address. */
export const atMost = (perMinute: number, what: string): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) =>
      next(new Refused(`At most ${perMinute} ${what} a minute: wait a little.`, undefined, 429)),
  });
