/** `POST /api/compare`: policies on the same draws, made in a thread of their own and sent as they come. */
import type { Router } from 'express';
import { DEFAULT_SEEDS } from '../study/compare.js';
import type { Gallery } from './gallery.js';
import { checked, compareRequest } from './requests.js';
import { type StudyRouteOptions, studyRoute } from './study-route.js';
import type { Threads } from './thread.js';

export const compareRoutes = (threads: Threads, gallery: Pick<Gallery, 'source'>, options: StudyRouteOptions): Router =>
  studyRoute(
    {
      path: '/compare',
      several: 'comparisons',
      aMinute: 120,
      read: (body) => checked(compareRequest, body),
      question: ({ off, policies, seed = null, seeds = DEFAULT_SEEDS, set, yardsticks }, source) => ({
        kind: 'compare' as const,
        asks: { source, set, off, policies, yardsticks, seed, seeds, limits: options.limits },
      }),
    },
    threads,
    gallery,
    options,
  );
