import { Module } from '@nestjs/common';
import { QuotaModule } from '../quota/quota.module.js';
import { ServerGroupController } from './server-group.controller.js';
import { ServerGroupNotifier } from './server-group.notifier.js';
import { ServerGroupService } from './server-group.service.js';

@Module({
  imports: [QuotaModule],
  providers: [ServerGroupService, ServerGroupNotifier, ServerGroupController],
  exports: [ServerGroupNotifier],
})
export class ServerGroupModule {}
