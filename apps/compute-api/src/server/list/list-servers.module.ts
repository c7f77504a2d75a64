import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ListServers } from './list-servers.service.js';

@Module({ imports: [ServerCoreModule], providers: [ListServers], exports: [ListServers] })
export class ListServersModule {}
