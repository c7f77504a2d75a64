import type { Config } from '@kilonova/config';
import { controlPlaneOf } from '@kilonova/messaging';
import { notificationsSection } from '@kilonova/notifications';
import type { ServiceBus, ServiceDefinition } from '@kilonova/service';
import { AgentModule } from './agent.module.js';
import { agentSection, agentSections, messagingSection } from './config.js';
import { readProviderFiles } from './host/provider-files.js';

/** The cell's broker, with a queue for each host. */
function agentBus(config: Config): ServiceBus {
  const { cell, hosts, concurrentWork, shutdownSeconds } = config.get(agentSection);
  const { url, queueType, topology, controlPlaneUsers } = config.get(messagingSection);
  return {
    url,
    cell,
    queueType,
    topology,
    topic: 'compute',
    hosts,
    host: hosts[0] ?? '',
    controlPlaneUsers: controlPlaneOf(controlPlaneUsers, cell),
    prefetch: concurrentWork,
    drainMs: shutdownSeconds * 1000,
    notifications: { durable: config.get(notificationsSection).durable },
    connectionName: `compute ${hosts[0] ?? ''}`,
  };
}

/**
 * The agent of one or more hosts: registers them with cell and placement (waiting for both as long as it takes), then takes
 * messages.
 */
export const computeAgent: ServiceDefinition = {
  name: 'compute-agent',
  sections: agentSections,
  bus: agentBus,
  check: (config) => void readProviderFiles(config.get(agentSection).providerConfigLocation, () => undefined),
  module: AgentModule,
};
