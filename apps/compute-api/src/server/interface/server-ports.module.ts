import { Module } from '@nestjs/common';
import { RefreshInterfaces } from './refresh-interfaces.service.js';
import { ServerPorts } from './server-ports.service.js';

@Module({ providers: [RefreshInterfaces, ServerPorts], exports: [RefreshInterfaces, ServerPorts] })
export class ServerPortsModule {}
