import { ApiDatabase, FlavorRepository } from '@kilonova/api-db';
import { type Flavor, imagePropertiesOf, unplaced } from '@kilonova/compute-objects';
import type { ApiReply, ApiRequest } from '@kilonova/http';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../../common/settings.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { ServerFieldsRepository } from '../../core/server-fields.repository.js';
import type { Caller, ServerInCell } from '../../core/server-locator.service.js';
import { checkHardware } from '../../model/check-hardware.js';
import { TryAction } from '../../trial/try-action.service.js';
import { checkResize } from './model/resize-rules.js';
import { ResizeQuota } from './resize-quota.service.js';

export interface WantedSize {
  readonly flavorid: string;
  /** What becomes of the disk's partition; left out: as it was. */
  readonly diskConfig: 'AUTO' | 'MANUAL' | undefined;
}

/** Accepts a resize: the flavor is judged, quota for it taken, and the operation stored that looks for a host. */
@Injectable()
export class AcceptResize {
  readonly #flavors = new FlavorRepository();
  readonly #fields = new ServerFieldsRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly acceptAction: AcceptAction,
    private readonly quota: ResizeQuota,
    private readonly settings: ComputeSettings,
    private readonly tryAction: TryAction,
  ) {}

  /** @throws AppError 400 for a flavor that does not serve, 403 over quota, 404, 409, 503 */
  async run(ctx: Ctx, caller: Caller, id: string, { flavorid, diskConfig }: WantedSize): Promise<void> {
    const { cell, instance } = await this.acceptAction.run(ctx, caller, id, 'resize', async (found) => {
      const flavor = await this.#flavor(caller, found, flavorid);
      await this.quota.take(ctx, found.instance, flavor);
      return unplaced({ flavor });
    });
    if (diskConfig !== undefined)
      await cell.run((sql) => this.#fields.set(sql, instance.uuid, { auto_disk_config: diskConfig === 'AUTO' }));
  }

  /** Where the server would go. @throws AppError as `run` */
  attempt(request: ApiRequest<unknown>, id: string, { flavorid }: WantedSize): Promise<ApiReply> {
    return this.tryAction.run(request, id, 'resize', async (found) => {
      const flavor = await this.#flavor(request, found, flavorid);
      await this.quota.require(found.instance, flavor);
      return unplaced({ flavor });
    });
  }

  async #flavor({ principal }: Pick<Caller, 'principal'>, { instance }: ServerInCell, flavorid: string): Promise<Flavor> {
    const seenBy = principal.isAdmin ? null : (principal.projectId ?? '');
    const stored = await this.#flavors.find(await this.database.sql(), flavorid, seenBy);
    const flavor = checkResize(instance, flavorid, stored);
    checkHardware(flavor, imagePropertiesOf(instance), this.settings.pciAliases);
    return flavor;
  }
}
