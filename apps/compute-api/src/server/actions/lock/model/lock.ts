import type { Instance } from '@kilonova/compute-objects';

/** As whom a caller locks: the project that owns the server, or somebody above it. */
export const lockedBy = (
  instance: Pick<Instance, 'project_id'>,
  { projectId }: { readonly projectId?: string },
): 'owner' | 'admin' => (instance.project_id === projectId ? 'owner' : 'admin');
