import { ApiDatabase } from '@kilonova/api-db';
import { ServiceRepository } from '@kilonova/cell-db';
import { type Heartbeat, type HeartbeatResult, messages, type ReportHost, type ServiceInfo } from '@kilonova/compute-objects';
import { Handles } from '@kilonova/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

/** Services of the API level that have no right to write to its database: they report, and beat, through here. */
@Controller()
export class ServiceHandler {
  constructor(
    private readonly api: ApiDatabase,
    private readonly services: ServiceRepository,
  ) {}

  @Handles(messages.reportService)
  async report(@Payload() args: ReportHost): Promise<ServiceInfo> {
    const { service } = await this.services.report(await this.api.sql(), args);
    return service;
  }

  @Handles(messages.serviceHeartbeat)
  async heartbeat(@Payload() args: Heartbeat): Promise<HeartbeatResult> {
    return { hosts: await this.services.heartbeat(await this.api.sql(), args.binary, args.hosts), stale: [] };
  }
}
