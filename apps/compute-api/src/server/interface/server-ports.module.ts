import { Module } from '@nestjs/common';
import { ServerPorts } from './server-ports.service.js';

@Module({ providers: [ServerPorts], exports: [ServerPorts] })
export class ServerPortsModule {}
