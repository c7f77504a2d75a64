import { Config } from '@kilonova/config';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { agentSection } from '../config.js';
import { HostModule } from '../host/host.module.js';
import { OperationModule } from '../operation/operation.module.js';
import { HostUpkeep, UpkeepOptions } from './host-upkeep.service.js';

const upkeepOptions = (config: Config, logger: Logger): UpkeepOptions => {
  const agent = config.get(agentSection);
  return {
    heartbeatMs: agent.reportIntervalSeconds * 1000,
    resourcesMs: agent.updateResourcesIntervalSeconds * 1000,
    resumeGuests: agent.resumeGuestsStateOnHostBoot,
    onError: (error, what) => logger.warn({ err: error }, `${what} failed; it will be tried again`),
    onRefusal: (error, host) => logger.error({ err: error, host }, 'the host is not served'),
    warn: (message) => logger.warn(message),
    hypervisorVersions: { least: agent.minHypervisorVersion, nextLeast: agent.nextMinHypervisorVersion },
  };
};

/** Registration of the hosts at start, heartbeats and reports from then on. */
@Module({
  imports: [CellModule, HostModule, OperationModule],
  providers: [HostUpkeep, { provide: UpkeepOptions, useFactory: upkeepOptions, inject: [Config, LOGGER] }],
})
export class UpkeepModule {}
