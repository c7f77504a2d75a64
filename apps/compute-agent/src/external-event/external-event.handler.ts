import { type ExternalInstanceEvents, messages } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import { ExternalEvents } from './external-events.js';

/** What other services tell of guests, for whoever waits for it. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class ExternalEventHandler {
  constructor(
    private readonly events: ExternalEvents,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info'>,
  ) {}

  @Handles(messages.externalInstanceEvent)
  deliver(@Payload() { events }: ExternalInstanceEvents, @Ctx() rpc: RpcContext): Promise<void> {
    for (const { instance_uuid: instanceUuid, name, status, tag } of events) {
      if (this.events.deliver({ instanceUuid, name, tag }, status)) continue;
      const { host } = rpc.delivery.target;
      this.log.info({ host, instance: instanceUuid, event: name, status, tag }, 'an event that nobody waits for is passed over');
    }
    return Promise.resolve();
  }
}
