import { NetworkInfoRepository } from '@kilonova/cell-db';
import { NetworkService, presentVifs } from '@kilonova/network-client';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { ServerInCell } from '../core/server-locator.service.js';

/** What a cell remembers of a server's interfaces, brought up to date after a request that changed them. */
@Injectable()
export class RefreshInterfaces {
  readonly #networkInfo = new NetworkInfoRepository();

  constructor(private readonly networks: NetworkService) {}

  /** While something is done to the server nothing is stored: its agent finds out later. @throws AppError `dependency` */
  async run(ctx: Ctx, { cell, instance }: ServerInCell): Promise<void> {
    const { uuid: instance_uuid, host, updated_at } = instance;
    if (host === null) return;
    const network_info = await presentVifs(ctx, this.networks, instance);
    await cell.run((sql) => this.#networkInfo.refresh(sql, host, [{ instance_uuid, updated_at, network_info }]));
  }
}
