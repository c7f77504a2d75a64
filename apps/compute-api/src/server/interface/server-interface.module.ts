import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerInterfaceController } from './server-interface.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerInterfaceController] })
export class ServerInterfaceModule {}
