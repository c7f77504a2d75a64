import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerAddressController } from './server-address.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerAddressController] })
export class ServerAddressModule {}
