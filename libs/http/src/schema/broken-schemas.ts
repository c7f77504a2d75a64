import type { Route } from '../route.js';
import { compile } from './validator.js';

/**
 * The schemas of a route table that cannot be compiled, with why: none, as a test of each API says. Services compile a schema
 * when a request first needs it, for those of all routes and versions take a second and tens of megabytes.
 */
export function brokenSchemas(routes: readonly Route[]): string[] {
  return routes.flatMap((row) =>
    [...(row.body ?? []), ...(row.query ?? [])].flatMap(({ schema }) => {
      try {
        compile(schema);
        return [];
      } catch (error) {
        return [`${row.method} ${row.path} ${row.handler}: ${String(error)}`];
      }
    }),
  );
}
