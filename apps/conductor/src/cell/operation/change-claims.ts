import type { ClaimChange, Instance, Selection } from '@kilonova/compute-objects';
import type { Allocations, PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { contendedClaim } from '../../model/contended-claim.js';
import { isSizable, sizedAllocations } from '../../model/sized-allocations.js';

/** Whose claims change: a server's, and those of its migration. */
export interface ClaimSubject {
  readonly instanceUuid: string;
  readonly migrationUuid: string | null;
  /** What was claimed last; null: nothing. */
  readonly selection: Selection | null;
  /** The server as its row has it, for what goes by its flavor. */
  readonly server: () => Promise<Pick<Instance, 'flavor' | 'image_ref'> | undefined>;
}

type Claims = Pick<PlacementClient, 'release' | 'moveBack' | 'giveBack' | 'change'>;

/**
 * Brings claims to what the operation table says. Safe to repeat.
 * @throws AppError `dependency` when placement does not answer, or other writers kept getting in between
 */
export async function changeClaims(ctx: Ctx, placement: Claims, change: ClaimChange, subject: ClaimSubject): Promise<void> {
  const { instanceUuid, migrationUuid, selection } = subject;
  switch (change) {
    case 'kept':
      return;
    case 'released':
      return placement.release(ctx, instanceUuid);
    case 'source-released':
      return migrationUuid === null ? undefined : placement.release(ctx, migrationUuid);
    case 'source-restored': {
      if (migrationUuid === null) return;
      const { outcome } = await placement.moveBack(ctx, instanceUuid, migrationUuid);
      if (outcome === 'contended') throw contendedClaim(instanceUuid);
      return;
    }
    case 'destination-released': {
      if (selection === null) return;
      const outcome = await placement.giveBack(ctx, instanceUuid, selection.allocation_request.allocations);
      if (outcome === 'contended') throw contendedClaim(instanceUuid);
      return;
    }
    case 'size-restored': {
      const server = await subject.server();
      if (server === undefined) return;
      const sized = (held: Allocations) => (isSizable(held) ? sizedAllocations(held, server.flavor, server) : held);
      if ((await placement.change(ctx, instanceUuid, sized)).outcome === 'contended') throw contendedClaim(instanceUuid);
    }
  }
}
