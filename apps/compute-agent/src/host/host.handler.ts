import { type CacheImagesOnHost, type ImageCacheResults, messages, type SetHostEnabled } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import { Controller, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import { CacheImages } from './cache-images.service.js';
import { ManagedHosts } from './managed-host.js';
import { ReportHost } from './report-host.service.js';

/** Messages about the host itself. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class HostHandler {
  constructor(
    private readonly hosts: ManagedHosts,
    private readonly report: ReportHost,
    private readonly cache: CacheImages,
  ) {}

  /** Makes placement offer or hide the host at once, without waiting for the next heartbeat. */
  @Handles(messages.setHostEnabled)
  async setHostEnabled(@Payload() args: SetHostEnabled, @Ctx() rpc: RpcContext): Promise<boolean> {
    const host = this.hosts.get(args.host);
    host.disabled = !args.enabled;
    await this.report.toPlacement(rpc.delivery.ctx, host);
    return args.enabled;
  }

  @Handles(messages.cacheImagesOnHost)
  cacheImages(@Payload() args: CacheImagesOnHost, @Ctx() rpc: RpcContext): Promise<ImageCacheResults> {
    return this.cache.run(rpc.delivery.ctx, args);
  }
}
