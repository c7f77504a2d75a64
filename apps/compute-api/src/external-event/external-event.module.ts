import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../server/core/server-core.module.js';
import { ExternalEventController } from './external-event.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ExternalEventController] })
export class ExternalEventModule {}
