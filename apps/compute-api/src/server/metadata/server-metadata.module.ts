import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerMetadataController } from './server-metadata.controller.js';
import { ServerMetadata } from './server-metadata.service.js';

@Module({ imports: [ServerCoreModule], providers: [ServerMetadata, ServerMetadataController] })
export class ServerMetadataModule {}
