import { type ExternalInstanceEvent, type ExternalInstanceEvents, messages } from '@kilonova/compute-objects';
import { Handles, RpcContext } from '@kilonova/messaging';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Controller, Inject, UseGuards } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ControlPlaneGuard } from '../cell/control-plane.guard.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { NetworkRefresh } from '../network/network-refresh.service.js';
import { ExternalEvents } from './external-events.js';

/** Events after which the interfaces of a server are looked at anew, whether somebody waits for them or not. */
const OF_NETWORKS: ReadonlySet<string> = new Set([
  'network-changed',
  'network-vif-plugged',
  'network-vif-unplugged',
  'network-vif-deleted',
]);
/** Nobody gives it up. */
const NEVER = new AbortController().signal;

/** What other services tell of guests: for whoever waits for it, and for what is remembered of interfaces. */
@Controller()
@UseGuards(ControlPlaneGuard)
export class ExternalEventHandler {
  constructor(
    private readonly events: ExternalEvents,
    private readonly hosts: ManagedHosts,
    private readonly refresh: NetworkRefresh,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  @Handles(messages.externalInstanceEvent)
  async deliver(@Payload() { events }: ExternalInstanceEvents, @Ctx() rpc: RpcContext): Promise<void> {
    const host = this.hosts.get(rpc.delivery.target.host ?? '');
    await Promise.all(events.map((event) => this.#one(host, event)));
  }

  async #one(host: ManagedHost, event: ExternalInstanceEvent): Promise<void> {
    const { instance_uuid: instanceUuid, name, status, tag } = event;
    const isExpected = this.events.deliver({ instanceUuid, name, tag }, status);
    if (name === 'network-vif-deleted' && tag !== null) await this.#unplug(host, instanceUuid, tag);
    if (OF_NETWORKS.has(name)) return this.refresh.ask(host, instanceUuid);
    if (isExpected) return;
    const fields = { host: host.host, instance: instanceUuid, event: name, status, tag };
    this.log.info(fields, 'an event that nobody waits for is passed over');
  }

  /** The port is gone already: an interface that the guest does not let go of is told in the log. */
  async #unplug(host: ManagedHost, instance: string, port: string): Promise<void> {
    await host.driver
      .detachInterface(instance, port, NEVER)
      .catch((err: unknown) => this.log.warn({ err, host: host.host, instance, port }, 'an interface whose port is gone stays'));
  }
}
