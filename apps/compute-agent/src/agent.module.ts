import type { Logger } from '@kilonova/observability';
import { PlacementClient } from '@kilonova/placement-client';
import { type DynamicModule, Module } from '@nestjs/common';
import { AGENT_HANDLERS } from './rpc/handlers.js';
import { BuildInstance } from './service/build-instance.service.js';
import { CellConductor } from './service/cell-conductor.client.js';
import { InstanceLocks } from './service/instance-locks.js';
import { ManagedHosts } from './service/managed-host.js';
import { ReportHost } from './service/report-host.service.js';
import { TerminateInstance } from './service/terminate-instance.service.js';

/** What the process makes before Nest: everything with a connection or a configuration. */
export interface AgentParts {
  readonly hosts: ManagedHosts;
  readonly conductor: CellConductor;
  readonly placement: PlacementClient;
  readonly report: ReportHost;
  readonly logger: Logger;
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
        { provide: CellConductor, useValue: parts.conductor },
        { provide: PlacementClient, useValue: parts.placement },
        { provide: ReportHost, useValue: parts.report },
        { provide: InstanceLocks, useFactory: () => new InstanceLocks() },
        {
          provide: BuildInstance,
          inject: [CellConductor, PlacementClient, InstanceLocks],
          useFactory: (conductor: CellConductor, placement: PlacementClient, locks: InstanceLocks) =>
            new BuildInstance(conductor, placement, locks, parts.logger),
        },
        {
          provide: TerminateInstance,
          inject: [CellConductor, PlacementClient, InstanceLocks],
          useFactory: (conductor: CellConductor, placement: PlacementClient, locks: InstanceLocks) =>
            new TerminateInstance(conductor, placement, locks),
        },
      ],
    };
  }
}
