import type { Selection } from '@kilonova/compute-objects';
import type { ClaimMode, ClaimOwner, PlacementClient } from '@kilonova/placement-client';
import { AppError, type Ctx } from '@kilonova/util';

/**
 * Claims an alternate, in the mode of its operation. False: the host cannot take it any more.
 * @throws AppError `dependency` when that is not known.
 */
export async function claimAlternate(
  ctx: Ctx,
  placement: Pick<PlacementClient, 'claim'>,
  owner: ClaimOwner,
  selection: Selection,
  mode: ClaimMode = 'build',
): Promise<boolean> {
  const result = await placement.claim(ctx, owner, selection.allocation_request, mode);
  if (result.outcome === 'claimed') return true;
  if (result.outcome === 'no-capacity' || result.outcome === 'invalid') return false;
  throw new AppError({
    kind: 'dependency',
    code: 'conductor.claim.conflict',
    message: `The claim of instance ${owner.consumer} met another one: ${result.outcome}.`,
  });
}
