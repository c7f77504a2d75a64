import type { Config } from '@kilonova/config';
import { controlPlaneOf } from '@kilonova/messaging';
import { notificationsSection } from '@kilonova/notifications';
import type { ServiceBus, ServiceDefinition } from '@kilonova/service';
import { CellConductorModule } from './cell/cell.module.js';
import { cellConductorSections, cellSection, conductorSection, messagingSection, superConductorSections } from './config.js';
import { SuperConductorModule } from './super/super.module.js';

function conductorBus(config: Config, role: string, cell: string): ServiceBus {
  const { url, queueType, controlPlaneUsers } = config.get(messagingSection);
  const { concurrentWork, concurrentCalls, shutdownSeconds } = config.get(conductorSection);
  return {
    url,
    cell,
    queueType,
    topic: 'conductor',
    controlPlaneUsers: controlPlaneOf(controlPlaneUsers, cell),
    prefetch: concurrentWork,
    callPrefetch: concurrentCalls,
    drainMs: shutdownSeconds * 1000,
    notifications: { durable: config.get(notificationsSection).durable },
    connectionName: `conductor ${role}`,
  };
}

/** Beside the API: workflows over all cells. */
export const superConductor: ServiceDefinition = {
  name: 'conductor-super',
  sections: superConductorSections,
  bus: (config) => conductorBus(config, 'super', 'api'),
  module: SuperConductorModule,
};

/** Inside one cell: its database on behalf of its agents. */
export const cellConductor: ServiceDefinition = {
  name: 'conductor-cell',
  sections: cellConductorSections,
  bus: (config) => ({ ...conductorBus(config, 'cell', config.get(cellSection).name), agents: true }),
  module: CellConductorModule,
};
