import { messages, type SetHostEnabled } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import { ManagedHosts } from './managed-host.js';
import { ReportHost } from './report-host.service.js';

/** Messages about the host itself. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class HostHandler {
  constructor(
    private readonly hosts: ManagedHosts,
    private readonly report: ReportHost,
  ) {}

  /** Makes placement offer or hide the host at once, without waiting for the next heartbeat. */
  @Handles(messages.setHostEnabled)
  async setHostEnabled(@Payload() args: SetHostEnabled, @Ctx() rpc: RpcContext): Promise<boolean> {
    const host = this.hosts.get(args.host);
    host.disabled = !args.enabled;
    await this.report.toPlacement(rpc.delivery.ctx, host);
    return args.enabled;
  }
}
