import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ResetServerState } from './reset-server-state.service.js';
import { ResetStateController } from './reset-state.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ResetServerState, ResetStateController] })
export class ResetStateModule {}
