import { type Config, resilienceSection } from '@kilonova/config';
import { connectIdentity, keystoneSection, placementTransport, restLimits } from '@kilonova/identity-client';
import { BusTransport, brokerCheck, busMetrics, controlPlaneOf, createBusApp, createMessageBus } from '@kilonova/messaging';
import { createEmitter, notificationsSection } from '@kilonova/notifications';
import {
  Breakers,
  type Closeable,
  createLogger,
  createMetrics,
  HealthChecks,
  type Logger,
  serveHealth,
} from '@kilonova/observability';
import { HttpPlacementClient } from '@kilonova/placement-client';
import { AgentModule } from './agent.module.js';
import {
  agentSection,
  allocationSection,
  fakeSection,
  healthSection,
  logSection,
  messagingSection,
  placementSection,
} from './config.js';
import { createManagedHosts } from './managed-hosts.factory.js';
import { RunningSteps } from './operation/running-steps.js';
import { StepRunner } from './operation/step-runner.service.js';
import { CellConductor } from './service/cell-conductor.client.js';
import { GuestAudit } from './service/guest-audit.service.js';
import { HostUpkeep } from './service/host-upkeep.service.js';
import type { ManagedHosts } from './service/managed-host.js';
import { ReportHost } from './service/report-host.service.js';
import { WrittenTrees } from './service/written-trees.js';

export interface RunningAgent extends Closeable {
  readonly ready: () => boolean;
}

/** Nest's own chatter is left out; what matters is logged here. */
const QUIET = { logger: ['error', 'warn'] as Array<'error' | 'warn'>, abortOnError: false };

/**
 * Starts the agent of one or more hosts: registers them with cell and placement (waiting for both as long as it takes),
 * then takes messages.
 */
export async function startAgent(config: Config, logger: Logger = agentLogger(config)): Promise<RunningAgent> {
  const agent = config.get(agentSection);
  const messaging = config.get(messagingSection);
  const notifications = config.get(notificationsSection);
  const metrics = createMetrics({ service: 'compute-agent', process: true });
  const connection = {
    observe: busMetrics(metrics),
    url: messaging.url,
    cell: agent.cell,
    queueType: messaging.queueType,
    topology: messaging.topology,
    notifications: { durable: notifications.durable },
    connectionName: `compute ${agent.hosts[0] ?? ''}`,
    log: logger,
  };
  const bus = createMessageBus(connection);
  const emitter = createEmitter(bus, notifications, (error, eventType) =>
    logger.warn({ err: error, eventType }, 'a notification was not sent'),
  );
  const hosts = createManagedHosts(agent, config.get(fakeSection), emitter, notifications.imageUrl);
  const breakers = new Breakers();
  const limits = restLimits(config.get(resilienceSection), breakers.watch);
  const identity = connectIdentity(config.get(keystoneSection), limits);
  const placement = new HttpPlacementClient(placementTransport(identity.session, config.get(placementSection).url, limits));
  const conductor = new CellConductor(bus, messaging.callTimeoutSeconds * 1000);
  const report = new ReportHost(conductor, placement, emitter, new WrittenTrees(agent.stateDir), {
    ...config.get(allocationSection),
    hostIp: agent.hostIp,
  });
  const running = new RunningSteps();
  const runner = new StepRunner(hosts, conductor, running, { concurrency: agent.concurrentWork, log: logger });
  const audit = auditOf(config, hosts, conductor, logger);
  const upkeep = new HostUpkeep(
    hosts,
    conductor,
    report,
    { runner, running },
    {
      heartbeatMs: agent.reportIntervalSeconds * 1000,
      resourcesMs: agent.updateResourcesIntervalSeconds * 1000,
      onError: (error, what) => logger.warn({ err: error }, `${what} failed; it will be tried again`),
    },
  );
  const stopping = new AbortController();
  const drainMs = agent.shutdownSeconds * 1000;
  const transport = new BusTransport({
    ...connection,
    topic: 'compute',
    hosts: agent.hosts,
    controlPlaneUsers: controlPlaneOf(messaging.controlPlaneUsers, agent.cell),
    prefetch: agent.concurrentWork,
    drainMs,
  });
  const app = await createBusApp(AgentModule.of({ hosts, placement, report, runner }), transport, QUIET);
  await upkeep.start(stopping.signal);
  audit.start();
  await app.listen();
  const checks = new HealthChecks()
    .add('consumers', { run: () => ({ ok: transport.health().ready }) })
    .add('broker', { run: () => brokerCheck(bus) });
  breakers.showIn(checks, metrics);
  const health = await serveHealth(config.get(healthSection), checks, metrics);
  logger.info({ cell: agent.cell, hosts: agent.hosts.length }, 'the agent takes messages');
  return {
    ready: () => transport.health().ready,
    close: async () => {
      checks.drain();
      stopping.abort(new Error('the agent is closing'));
      await audit.stop();
      await app.close();
      await runner.close(drainMs);
      await upkeep.stop();
      await Promise.all([bus.close(), placement.close(), identity.close()]);
      await health.close();
    },
  };
}

const agentLogger = (config: Config): Logger => createLogger({ name: 'compute-agent', level: config.get(logSection).level });

function auditOf(config: Config, hosts: ManagedHosts, conductor: CellConductor, logger: Logger): GuestAudit {
  const { runningDeletedInstancePollIntervalSeconds, runningDeletedInstanceAction: action } = config.get(agentSection);
  return new GuestAudit(hosts, conductor, { intervalMs: runningDeletedInstancePollIntervalSeconds * 1000, action }, logger);
}
