import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { AttachInterface } from './attach-interface.service.js';
import { DetachInterface } from './detach-interface.service.js';
import { ServerInterfaceController } from './server-interface.controller.js';
import { WantedPort } from './wanted-port.service.js';

@Module({
  imports: [ServerCoreModule],
  providers: [AttachInterface, DetachInterface, ServerInterfaceController, WantedPort],
})
export class ServerInterfaceModule {}
