/** `POST /api/seeds`: the same run with many seeds, made in a thread of its own, with bands that grow. */
import type { Router } from 'express';
import type { Gallery } from './gallery.js';
import { checked, KEYS_OF_SEEDS, seedsRequest } from './requests.js';
import { type StudyRouteOptions, studyRoute } from './study-route.js';
import type { Threads } from './thread.js';

const SEEDS = 20;

export const seedsRoutes = (threads: Threads, gallery: Pick<Gallery, 'source'>, options: StudyRouteOptions): Router =>
  studyRoute(
    {
      path: '/seeds',
      several: 'studies over seeds',
      aMinute: 60,
      read: (body) => checked(seedsRequest, body, KEYS_OF_SEEDS),
      question: ({ beside, interventions, metric, model, off, seed = null, seeds = SEEDS, set, slice }, source) => ({
        kind: 'seeds' as const,
        asks: {
          source,
          set,
          off,
          interventions,
          looked: { metric, model, slice, beside },
          seed,
          seeds,
          limits: options.limits,
        },
      }),
    },
    threads,
    gallery,
    options,
  );
