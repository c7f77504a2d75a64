import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { LockController } from './lock.controller.js';
import { LockServer } from './lock-server.service.js';

@Module({ imports: [ServerCoreModule], providers: [LockServer, LockController] })
export class LockModule {}
