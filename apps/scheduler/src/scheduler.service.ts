import type { Config } from '@kilonova/config';
import { controlPlaneOf } from '@kilonova/messaging';
import { notificationsSection } from '@kilonova/notifications';
import type { ServiceBus, ServiceDefinition } from '@kilonova/service';
import { messagingSection, schedulerSection, schedulerSections } from './config.js';
import { SchedulerModule } from './scheduler.module.js';

const CELL = 'api';

function schedulerBus(config: Config): ServiceBus {
  const { url, queueType, controlPlaneUsers } = config.get(messagingSection);
  const { concurrentRequests } = config.get(schedulerSection);
  return {
    url,
    cell: CELL,
    queueType,
    topic: 'scheduler',
    controlPlaneUsers: controlPlaneOf(controlPlaneUsers, CELL),
    prefetch: concurrentRequests,
    callPrefetch: concurrentRequests,
    notifications: { durable: config.get(notificationsSection).durable },
    connectionName: 'scheduler',
  };
}

/** Chooses hosts for instances, and claims them in placement. */
export const scheduler: ServiceDefinition = {
  name: 'scheduler',
  sections: schedulerSections,
  bus: schedulerBus,
  module: SchedulerModule,
};
