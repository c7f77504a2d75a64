import type { Selection } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';

/** Whose the claim is. */
export interface ClaimOwner {
  readonly instanceUuid: string;
  readonly projectId: string;
  readonly userId: string;
}

/** Placement, as the conductor uses it. */
export abstract class ConductorPlacement {
  /** Claims a selection for an instance that holds nothing. False: the host cannot take it any more. @throws AppError `dependency` */
  abstract claim(ctx: Ctx, owner: ClaimOwner, selection: Selection): Promise<boolean>;
  /** Gives back all that an instance holds; holding nothing is fine. @throws AppError `dependency` */
  abstract release(ctx: Ctx, instanceUuid: string): Promise<void>;
  /** Who holds something of a provider. */
  abstract consumersOf(ctx: Ctx, providerUuid: string): Promise<readonly string[]>;
}

/** Releases under way at once. */
const CONCURRENT_RELEASES = 8;

/** Releases many. All are tried; the first failure is thrown in the end. */
export async function releaseAll(placement: ConductorPlacement, ctx: Ctx, uuids: readonly string[]): Promise<void> {
  const waiting = [...uuids];
  const worker = async (): Promise<void> => {
    for (let uuid = waiting.shift(); uuid !== undefined; uuid = waiting.shift()) await placement.release(ctx, uuid);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(CONCURRENT_RELEASES, uuids.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
