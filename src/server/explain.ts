/** `POST /api/explain`: which mechanism did how much of the harm, worked out in a thread of its own, with its progress. */
import type { Router } from 'express';
import type { Gallery } from './gallery.js';
import { checked, explainRequest } from './requests.js';
import { type StudyRouteOptions, studyRoute } from './study-route.js';
import type { Threads } from './thread.js';

const SEEDS = 3;

export const explainRoutes = (threads: Threads, gallery: Pick<Gallery, 'source'>, options: StudyRouteOptions): Router =>
  studyRoute(
    {
      path: '/explain',
      several: 'explanations',
      aMinute: 60,
      read: (body) => checked(explainRequest, body),
      question: ({ interventions, metric = null, off, seed = null, seeds = SEEDS, set, vantage = null }, source) => ({
        kind: 'explain' as const,
        asks: { source, set, off, interventions, metric, vantage, seed, seeds, limits: options.limits },
      }),
    },
    threads,
    gallery,
    options,
  );
