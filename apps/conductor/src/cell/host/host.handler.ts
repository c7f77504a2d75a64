import { NetworkInfoRepository, ServiceRepository, StepRepository } from '@kilonova/cell-db';
import {
  type Heartbeat,
  type HeartbeatResult,
  messages,
  type RefreshNetworkInfo,
  type RefreshNetworkInfoResult,
  type ReportHost as ReportHostArgs,
  type ServiceInfo,
  type SyncPowerStates,
  type SyncPowerStatesResult,
} from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { AgentGuard } from '../guard/agent.guard.js';
import { ReportHost } from './report-host.service.js';
import { SyncPower } from './sync-power.service.js';

/** Hosts, by their agents. */
@Controller()
@UseGuards(AgentGuard)
export class HostHandler {
  constructor(
    private readonly sql: DataSource,
    private readonly report: ReportHost,
    private readonly services: ServiceRepository,
    private readonly steps: StepRepository,
    private readonly power: SyncPower,
    private readonly networkInfo: NetworkInfoRepository,
  ) {}

  @Handles(messages.reportHost)
  reportHost(@Payload() args: ReportHostArgs): Promise<ServiceInfo> {
    return this.report.run(args);
  }

  @Handles(messages.syncPowerStates)
  syncPower(@Payload() args: SyncPowerStates, @Ctx() rpc: RpcContext): Promise<SyncPowerStatesResult> {
    return this.power.run(rpc.delivery.ctx, args);
  }

  @Handles(messages.refreshNetworkInfo)
  async refreshNetworks(@Payload() { host, instances }: RefreshNetworkInfo): Promise<RefreshNetworkInfoResult> {
    return { changed: (await this.networkInfo.refresh(this.sql, host, instances)).length };
  }

  @Handles(messages.heartbeat)
  async heartbeat(@Payload() { binary, hosts, steps = [], notified = [] }: Heartbeat): Promise<HeartbeatResult> {
    return {
      hosts: await this.services.heartbeat(this.sql, binary, hosts),
      stale: await this.steps.beat(this.sql, hosts, steps, notified),
    };
  }
}
