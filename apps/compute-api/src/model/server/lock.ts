import type { Instance } from '@kilonova/compute-objects';
import { conflict } from '@kilonova/util';

/** A locked server changes for administrators only. @throws AppError 409 */
export function refuseLocked(instance: Pick<Instance, 'uuid' | 'locked'>, caller: { readonly isAdmin: boolean }): void {
  if (instance.locked && !caller.isAdmin) throw conflict('compute.server.locked', `Instance ${instance.uuid} is locked`);
}
