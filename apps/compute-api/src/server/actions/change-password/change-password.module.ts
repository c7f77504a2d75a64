import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ChangePasswordController } from './change-password.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ChangePasswordController] })
export class ChangePasswordModule {}
