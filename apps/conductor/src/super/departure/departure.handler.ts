import { ApiDatabase, DepartureRepository } from '@kilonova/api-db';
import { messages, type ReleaseQuota as ReleaseArgs, type SettleDepartures } from '@kilonova/compute-objects';
import { Handles } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ReleaseQuota } from './release-quota.service.js';

/** The end of servers, told by the cells that archived them. The API has settled most of them by then: that is no harm. */
@Controller()
export class DepartureHandler {
  constructor(
    private readonly api: ApiDatabase,
    private readonly departures: DepartureRepository,
    private readonly releaseQuota: ReleaseQuota,
  ) {}

  @Handles(messages.settleDepartures)
  settle(@Payload() args: SettleDepartures): Promise<void> {
    return this.api.transaction((sql) => this.departures.settle(sql, args.instance_uuids));
  }

  @Handles(messages.releaseQuota)
  release(@Payload() args: ReleaseArgs): Promise<void> {
    return this.releaseQuota.run(args.instance_uuids);
  }
}
