import type { Instance, VmState } from '@kilonova/compute-objects';
import { conflict } from '@kilonova/util';

/** Where metadata and tags may be changed. Source: the published state table. */
export const SETTLED: readonly VmState[] = ['active', 'paused', 'suspended', 'stopped'];

/** @throws AppError 409 `Cannot 'x' instance y while it is in vm_state z` */
export function requireVmState(instance: Pick<Instance, 'uuid' | 'vm_state'>, action: string, allowed: readonly VmState[]): void {
  if (allowed.includes(instance.vm_state)) return;
  const message = `Cannot '${action}' instance ${instance.uuid} while it is in vm_state ${instance.vm_state}`;
  throw conflict('compute.server.state', message, { vm_state: instance.vm_state });
}
