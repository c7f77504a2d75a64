import type { Route } from '@kilonova/http';
import { nounRoutes } from '../nouns.module.js';
import { serverRoutes } from './routes/server.routes.js';

export { versionRoutes } from './routes/version.routes.js';

/** Every row below `/v2.1` and `/v2`. */
export const computeRoutes: readonly Route[] = [...serverRoutes, ...nounRoutes];
