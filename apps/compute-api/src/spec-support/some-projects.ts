import type { ProjectDirectory } from '@kilonova/identity-client';

/** Stands in for the identity service: every id is a project's but those that begin with `no-such`. */
export const someProjects: ProjectDirectory = {
  mayExist: (_ctx, _token, projectId) => Promise.resolve(!projectId.startsWith('no-such')),
};
