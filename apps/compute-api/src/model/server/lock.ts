import type { Instance } from '@kilonova/compute-objects';
import { conflict } from '@kilonova/util';

/** A locked server changes for administrators only. @throws AppError 409 */
export function refuseLocked(instance: Pick<Instance, 'uuid' | 'locked'>, caller: { readonly isAdmin: boolean }): void {
  if (instance.locked && !caller.isAdmin) throw conflict('compute.server.locked', `Instance ${instance.uuid} is locked`);
}

/** As whom a caller locks: the project that owns the server, or somebody above it. */
export const lockedBy = (
  instance: Pick<Instance, 'project_id'>,
  { projectId }: { readonly projectId?: string },
): 'owner' | 'admin' => (instance.project_id === projectId ? 'owner' : 'admin');
