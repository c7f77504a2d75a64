import { type Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, keystoneSection, placementTransport, restLimits } from '@kilonova/identity-client';
import { type BusObserver, createMessageBus, type MessageBus, type MessageBusOptions } from '@kilonova/messaging';
import { createEmitter, InstanceNotifier, notificationsSection } from '@kilonova/notifications';
import { Breakers, type Closings, type Logger } from '@kilonova/observability';
import { HttpPlacementClient, type PlacementClient } from '@kilonova/placement-client';
import { conductorSection, placementSection } from './config.js';
import { BootNotifier } from './service/boot/boot-notifier.js';

/** What both roles speak to beside their databases. */
export interface Outside {
  readonly bus: MessageBus;
  readonly placement: PlacementClient;
  readonly notifier: BootNotifier;
  readonly logger: Logger;
  readonly breakers: Breakers;
  /** Of every bus of this process. */
  readonly observe: BusObserver | undefined;
}

/** @param placement in place of the one over HTTP */
export function openOutside(
  config: Config,
  connection: MessageBusOptions,
  logger: Logger,
  closings: Closings,
  placement?: PlacementClient,
): Outside {
  const { host } = config.get(conductorSection);
  const breakers = new Breakers();
  const notifications = config.get(notificationsSection);
  const bus = createMessageBus({ ...connection, notifications: { durable: notifications.durable } });
  closings.add('bus', () => bus.close());
  const emitter = createEmitter(bus, notifications, (error, eventType) =>
    logger.warn({ err: error, eventType }, 'a notification was not sent'),
  );
  const instances = new InstanceNotifier(emitter, { service: 'conductor', host }, notifications.imageUrl);
  return {
    bus,
    placement: placement ?? openPlacement(config, breakers, closings),
    breakers,
    notifier: new BootNotifier(emitter, instances, host),
    logger,
    observe: connection.observe,
  };
}

/** Placement over HTTP, with this service's own session. */
function openPlacement(config: Config, breakers: Breakers, closings: Closings): PlacementClient {
  const limits = restLimits(config.get(resilienceSection), breakers.watch);
  const identity = connectIdentity(config.get(keystoneSection), limits);
  const client = new HttpPlacementClient(placementTransport(identity.session, config.get(placementSection).url, limits));
  closings.add('identity', () => identity.close()).add('placement', () => client.close());
  return client;
}
