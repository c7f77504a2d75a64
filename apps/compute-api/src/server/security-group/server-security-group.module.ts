import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerSecurityGroupController } from './server-security-group.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerSecurityGroupController] })
export class ServerSecurityGroupModule {}
