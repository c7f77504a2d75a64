import { RequestSpecRepository } from '@kilonova/api-db';
import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ServerImageModule } from '../image/server-image.module.js';
import { ShelveController } from './shelve.controller.js';
import { UnshelveGoalRepository } from './unshelve-goal.repository.js';
import { UnshelveServer } from './unshelve-server.service.js';

@Module({
  imports: [ServerCoreModule, ServerImageModule],
  providers: [ShelveController, UnshelveServer, UnshelveGoalRepository, RequestSpecRepository],
})
export class ShelveModule {}
