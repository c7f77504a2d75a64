import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerPortsModule } from '../interface/server-ports.module.js';
import { ChangeGroups } from './change-groups.service.js';
import { ServerSecurityGroupController } from './server-security-group.controller.js';

@Module({ imports: [ServerCoreModule, ServerPortsModule], providers: [ChangeGroups, ServerSecurityGroupController] })
export class ServerSecurityGroupModule {}
