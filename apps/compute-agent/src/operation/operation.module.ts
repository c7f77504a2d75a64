import { Config } from '@kilonova/config';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Module } from '@nestjs/common';
import { CellModule } from '../cell/cell.module.js';
import { agentSection } from '../config.js';
import { STEPS } from '../handlers.js';
import { HostModule } from '../host/host.module.js';
import { ImageModule } from '../image/image.module.js';
import { RunningSteps } from './running-steps.js';
import { StepRunner, StepRunnerOptions } from './step-runner.service.js';

const runnerOptions = (config: Config, log: Logger): StepRunnerOptions => {
  const agent = config.get(agentSection);
  return {
    concurrency: agent.concurrentWork,
    drainMs: agent.shutdownSeconds * 1000,
    transferLimit: { secondsPerGib: agent.liveMigrationCompletionTimeoutSeconds, late: agent.liveMigrationTimeoutAction },
    log,
  };
};

/** The steps of operations, and the runner that does them all in the same way. */
@Module({
  imports: [CellModule, HostModule, ImageModule],
  controllers: STEPS,
  providers: [StepRunner, RunningSteps, { provide: StepRunnerOptions, useFactory: runnerOptions, inject: [Config, LOGGER] }],
  exports: [StepRunner, RunningSteps],
})
export class OperationModule {}
