import { computeAgent } from '@kilonova/compute-agent';
import { computeApiConfig, startComputeApi } from '@kilonova/compute-api';
import { cellConductor, superConductor } from '@kilonova/conductor';
import { loadConfig, type Section } from '@kilonova/config';
import { identitySection, identitySections, startIdentity } from '@kilonova/identity';
import { keystoneSection } from '@kilonova/identity-client';
import { imageSection, imageSections, startImage } from '@kilonova/image';
import { type Closeable, createLogger, type Logger, logDestination } from '@kilonova/observability';
import { placementSections, startPlacement } from '@kilonova/placement';
import { scheduler } from '@kilonova/scheduler';
import { type ServiceDefinition, startService } from '@kilonova/service';
import type { AppName, ServicePlan } from './service-plan.js';
import type { ServiceRunner, ServiceStatus } from './service-runner.js';

type Start = (plan: ServicePlan, logger: Logger) => Promise<Closeable>;

/** The environment is left out: a service that runs inside is configured by the plan alone. */
const configOf = (sections: readonly Section[], plan: ServicePlan) => loadConfig({ sections, env: {}, defaults: plan.config });

const embedded = (service: ServiceDefinition, plan: ServicePlan, logger: Logger): Promise<Closeable> =>
  startService(service, { config: configOf(service.sections, plan), logger });

const STARTERS: Readonly<Record<AppName, Start>> = {
  identity: (plan, logger) => startIdentity(configOf(identitySections, plan).get(identitySection), { logger }),
  image: (plan, logger) => {
    const config = configOf(imageSections, plan);
    return startImage({ image: config.get(imageSection), keystone: config.get(keystoneSection) }, { logger });
  },
  placement: (plan, logger) => startPlacement({ config: configOf(placementSections, plan), logger }),
  conductor: (plan, logger) => embedded(plan.args?.includes('super') === true ? superConductor : cellConductor, plan, logger),
  scheduler: (plan, logger) => embedded(scheduler, plan, logger),
  'compute-api': (plan, logger) => startComputeApi(configOf(computeApiConfig, plan), logger),
  'compute-agent': (plan, logger) => embedded(computeAgent, plan, logger),
};

/** All services within this process: the embedded default, over the in-process bus. */
export class EmbeddedServices implements ServiceRunner {
  readonly #running = new Map<string, Closeable>();

  /** @param logFile gives each service's log. */
  constructor(
    private readonly logFile: (name: string) => string,
    private readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  ) {}

  async start(plan: ServicePlan): Promise<void> {
    const logger = createLogger({ name: plan.name, level: this.level, destination: logDestination(this.logFile(plan.name)) });
    this.#running.set(plan.name, await STARTERS[plan.app](plan, logger));
  }

  status(): readonly ServiceStatus[] {
    return [...this.#running.keys()].map((name) => ({ name, state: 'running', pid: process.pid, restarts: 0 }));
  }

  /** Closes in the reverse order of starting: who is asked outlives who asks. */
  async stop(): Promise<void> {
    for (const [name, service] of [...this.#running].reverse()) {
      await service.close();
      this.#running.delete(name);
    }
  }
}
