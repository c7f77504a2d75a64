import { ServiceRepository, StepRepository } from '@kilonova/cell-db';
import {
  type Heartbeat,
  type HeartbeatResult,
  messages,
  type ReportHost as ReportHostArgs,
  type ServiceInfo,
} from '@kilonova/compute-objects';
import { Handles } from '@kilonova/messaging';
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
    @Inject(StepRepository) private readonly steps: StepRepository,
  ) {}

  @Handles(messages.reportHost)
  reportHost(@Payload() args: ReportHostArgs): Promise<ServiceInfo> {
    return this.report.run(args);
  }

  @Handles(messages.heartbeat)
  async heartbeat(@Payload() { binary, hosts, steps = [], notified = [] }: Heartbeat): Promise<HeartbeatResult> {
    return {
      hosts: await this.services.heartbeat(this.sql, binary, hosts),
      stale: await this.steps.beat(this.sql, hosts, steps, notified),
    };
  }
}
