import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { RemoteConsoleController } from './remote-console.controller.js';

@Module({ imports: [ServerCoreModule], providers: [RemoteConsoleController] })
export class RemoteConsoleModule {}
