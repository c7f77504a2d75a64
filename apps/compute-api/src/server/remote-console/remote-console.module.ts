import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { OpenConsole } from './open-console.service.js';
import { RemoteConsoleController } from './remote-console.controller.js';

@Module({ imports: [ServerCoreModule], providers: [OpenConsole, RemoteConsoleController] })
export class RemoteConsoleModule {}
