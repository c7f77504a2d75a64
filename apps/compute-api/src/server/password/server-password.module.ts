import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerPasswordController } from './server-password.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerPasswordController] })
export class ServerPasswordModule {}
