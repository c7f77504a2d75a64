import { PlacementClient } from '@kilonova/placement-client';
import { type DynamicModule, Module } from '@nestjs/common';
import { StepRunner } from './operation/step-runner.service.js';
import { AGENT_HANDLERS } from './rpc/handlers.js';
import { ManagedHosts } from './service/managed-host.js';
import { ReportHost } from './service/report-host.service.js';

/** What the process makes before Nest: everything with a connection or a configuration. */
export interface AgentParts {
  readonly hosts: ManagedHosts;
  readonly placement: PlacementClient;
  readonly report: ReportHost;
  readonly runner: StepRunner;
}

/** The only list of what is bound to what. */
@Module({})
export class AgentModule {
  static of(parts: AgentParts): DynamicModule {
    return {
      module: AgentModule,
      controllers: AGENT_HANDLERS,
      providers: [
        { provide: ManagedHosts, useValue: parts.hosts },
        { provide: PlacementClient, useValue: parts.placement },
        { provide: ReportHost, useValue: parts.report },
        { provide: StepRunner, useValue: parts.runner },
      ],
    };
  }
}
