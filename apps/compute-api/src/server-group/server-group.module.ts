import { Module } from '@nestjs/common';
import { QuotaModule } from '../quota/quota.module.js';
import { ServerGroupController } from './server-group.controller.js';
import { ServerGroupService } from './server-group.service.js';

@Module({ imports: [QuotaModule], providers: [ServerGroupService, ServerGroupController] })
export class ServerGroupModule {}
