import type { Selection } from '@kilonova/compute-objects';
import { AppError, type Ctx } from '@kilonova/util';
import { type ClaimOwner, ConductorPlacement } from '../service/placement.port.js';

/** Placement for tests: who holds what, hosts that are full, and switching it off. */
export class MemoryPlacement extends ConductorPlacement {
  /** Instance → the provider it holds. */
  readonly held = new Map<string, string>();
  readonly full = new Set<string>();
  down = false;

  async claim(_ctx: Ctx, owner: ClaimOwner, selection: Selection): Promise<boolean> {
    this.#check();
    if (this.full.has(selection.service_host)) return false;
    if (this.held.has(owner.instanceUuid))
      throw new AppError({ kind: 'dependency', code: 'conductor.claim.conflict', message: 'held already' });
    this.held.set(owner.instanceUuid, selection.compute_node_uuid);
    return true;
  }

  async release(_ctx: Ctx, instanceUuid: string): Promise<void> {
    this.#check();
    this.held.delete(instanceUuid);
  }

  async consumersOf(_ctx: Ctx, providerUuid: string): Promise<readonly string[]> {
    this.#check();
    return [...this.held].filter(([, provider]) => provider === providerUuid).map(([uuid]) => uuid);
  }

  #check(): void {
    if (this.down)
      throw new AppError({ kind: 'dependency', code: 'placement.unavailable', message: 'Placement does not answer.' });
  }
}
