import { ApiDatabase, FlavorRepository } from '@kilonova/api-db';
import { type Instance, LIVE_RESIZE_TRAIT, unplaced } from '@kilonova/compute-objects';
import { PlacementClient } from '@kilonova/placement-client';
import { type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import type { Caller } from '../../core/server-locator.service.js';
import { ResizeQuota } from '../resize/resize-quota.service.js';
import { checkLiveResize } from './model/live-resize-rules.js';

/** Accepts that a server grows where it is: its host can do that, the flavor has more of everything, and there is quota for it. */
@Injectable()
export class AcceptLiveResize {
  readonly #flavors = new FlavorRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly acceptAction: AcceptAction,
    private readonly quota: ResizeQuota,
    private readonly placement: PlacementClient,
  ) {}

  /** @throws AppError 400 for a flavor that does not serve, 403 over quota, 404, 409 also for a host that cannot, 503 */
  async run(ctx: Ctx, caller: Caller, id: string, flavorid: string): Promise<void> {
    const { isAdmin, projectId = '' } = caller.principal;
    await this.acceptAction.run(ctx, caller, id, 'liveResize', async ({ instance }) => {
      await this.#requireAble(ctx, instance);
      const stored = await this.#flavors.find(await this.database.sql(), flavorid, isAdmin ? null : projectId);
      const flavor = checkLiveResize(instance, flavorid, stored);
      await this.quota.take(ctx, instance, flavor);
      return unplaced({ flavor });
    });
  }

  async #requireAble(ctx: Ctx, { uuid, compute_node_uuid: node }: Instance): Promise<void> {
    const tree = node === null ? [] : await this.placement.tree(ctx, node);
    if (tree.find((provider) => provider.uuid === node)?.traits.has(LIVE_RESIZE_TRAIT) === true) return;
    throw conflict(
      'compute.live_resize.unsupported',
      `Cannot 'liveResize' instance ${uuid}: its host does not resize servers while they run.`,
    );
  }
}
