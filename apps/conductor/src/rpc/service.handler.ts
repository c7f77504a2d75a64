import { ApiDatabase } from '@kilonova/api-db';
import { ServiceRepository } from '@kilonova/cell-db';
import type { Rpc } from '@kilonova/compute-objects';
import { OnCall } from '@kilonova/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

/** Services of the API level that have no right to write to its database: they report, and beat, through here. */
@Controller()
export class ServiceHandler {
  constructor(
    @Inject(ApiDatabase) private readonly api: ApiDatabase,
    @Inject(ServiceRepository) private readonly services: ServiceRepository,
  ) {}

  @OnCall('report_host')
  async report(@Payload() args: Rpc['report_host']['args']): Promise<Rpc['report_host']['result']> {
    const { service } = await this.services.report(await this.api.sql(), args);
    return service;
  }

  @OnCall('heartbeat')
  async heartbeat(@Payload() args: Rpc['heartbeat']['args']): Promise<Rpc['heartbeat']['result']> {
    return this.services.heartbeat(await this.api.sql(), args.binary, args.hosts);
  }
}
