import { ApiDatabase, RequestSpecRepository } from '@kilonova/api-db';
import { InstanceRepository } from '@kilonova/cell-db';
import { type SelectDestinationsResult, type TryOperation as TryOperationArgs, unplaced } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { mayStay, placingSpec } from '../../model/placing-spec.js';
import { SelectHosts } from '../boot/select-hosts.service.js';
import { LocateServer } from './locate-server.service.js';
import { PlacingOptions } from './place-operation.service.js';

/** Asks for the host that an operation would get, were it accepted now: with the same spec, and nothing stored. */
@Injectable()
export class TryOperation {
  constructor(
    private readonly locate: LocateServer,
    private readonly api: ApiDatabase,
    private readonly specs: RequestSpecRepository,
    private readonly instances: InstanceRepository,
    private readonly hosts: SelectHosts,
    private readonly options: PlacingOptions,
  ) {}

  /** Null: the server is in no cell, or what it was placed with is not known. */
  async run(ctx: Ctx, wish: TryOperationArgs): Promise<SelectDestinationsResult | null> {
    const { instance_uuid: uuid, operation: name, flavor, requested_host, forced, availability_zone: zone } = wish;
    const cell = await this.locate.run(uuid);
    const [instance, stored] = await Promise.all([
      cell?.run((sql) => this.instances.find(sql, uuid)),
      this.specs.find(await this.api.sql(), uuid),
    ]);
    if (cell === undefined || instance === undefined || stored === undefined) return null;
    const work = { operation: { name, arguments: { ...unplaced({ flavor, requested_host }), forced } }, instance };
    const terms = { cellUuid: cell.uuid, sameHost: mayStay(work.operation, this.options.allowResizeToSameHost) };
    const pinned = zone === undefined ? stored : { ...stored, availability_zone: zone };
    return this.hosts.attempt(ctx, placingSpec(pinned, work, terms), [uuid]);
  }
}
