import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../host-directory/host-directory.module.js';
import { ServerUsageRepository } from './server-usage.repository.js';
import { UsageController } from './usage.controller.js';
import { UsageService } from './usage.service.js';
import { UsageAuditController } from './usage-audit.controller.js';

@Module({
  imports: [HostDirectoryModule],
  providers: [ServerUsageRepository, UsageService, UsageAuditController, UsageController],
})
export class UsageModule {}
