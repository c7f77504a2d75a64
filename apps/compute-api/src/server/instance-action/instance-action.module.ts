import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ActionPageRepository } from './action-page.repository.js';
import { InstanceActionController } from './instance-action.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ActionPageRepository, InstanceActionController] })
export class InstanceActionModule {}
