import { ServiceRepository } from '@kilonova/cell-db';
import type { Rpc } from '@kilonova/compute-objects';
import { OnCall } from '@kilonova/messaging';
import type { Sql } from '@kilonova/sql';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ReportHost } from '../service/host/report-host.service.js';
import { CELL_SQL } from '../tokens.js';
import { AgentGuard } from './agent.guard.js';

/** Hosts, by their agents. */
@Controller()
@UseGuards(AgentGuard)
export class HostHandler {
  constructor(
    @Inject(CELL_SQL) private readonly sql: Sql,
    @Inject(ReportHost) private readonly report: ReportHost,
    @Inject(ServiceRepository) private readonly services: ServiceRepository,
  ) {}

  @OnCall('report_host')
  reportHost(@Payload() args: Rpc['report_host']['args']): Promise<Rpc['report_host']['result']> {
    return this.report.run(args);
  }

  @OnCall('heartbeat')
  heartbeat(@Payload() args: Rpc['heartbeat']['args']): Promise<Rpc['heartbeat']['result']> {
    return this.services.heartbeat(this.sql, args.binary, args.hosts);
  }
}
