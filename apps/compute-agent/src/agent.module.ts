import { Module } from '@nestjs/common';
import { ExternalEventModule } from './external-event/external-event.module.js';
import { GuestModule } from './guest/guest.module.js';
import { HostModule } from './host/host.module.js';
import { LiveMigrationModule } from './live-migration/live-migration.module.js';
import { OperationModule } from './operation/operation.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';

/** The compute agent. */
@Module({ imports: [HostModule, OperationModule, LiveMigrationModule, UpkeepModule, GuestModule, ExternalEventModule] })
export class AgentModule {}
