/** The addresses of the gallery. */
import { Router } from 'express';
import type { Gallery } from './gallery.js';
import type { Pictures } from './pictures.js';
import type { Gallery as Answer, Limits } from './protocol.js';
import { Refused } from './refused.js';

export function galleryRoutes(gallery: Gallery, pictures: Pictures, limits: Limits): Router {
  const { individuals, listeners, runs, scenarioBytes, steps, work } = limits;
  const router = Router();
  router.get('/scenarios', async (_request, response) => {
    const answer: Answer = {
      scenarios: await gallery.entries(),
      limits: { individuals, steps, work, runs, listeners, scenarioBytes },
    };
    response.json(answer);
  });
  router.get('/scenarios/*id/picture', async (request, response) => {
    const id = [request.params.id].flat().join('/');
    const source = gallery.source(id);
    if (source === null) throw new Refused(`There is no scenario \`${id}\` in the gallery.`, undefined, 404);
    response.set('Cache-Control', 'private, max-age=300').json(await pictures.get(id, source));
  });
  return router;
}
