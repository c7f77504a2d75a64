import { Module } from '@nestjs/common';
import { GuestModule } from './guest/guest.module.js';
import { HostModule } from './host/host.module.js';
import { OperationModule } from './operation/operation.module.js';
import { UpkeepModule } from './upkeep/upkeep.module.js';

/** The compute agent. */
@Module({ imports: [HostModule, OperationModule, UpkeepModule, GuestModule] })
export class AgentModule {}
