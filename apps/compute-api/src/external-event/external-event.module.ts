import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../server/core/server-core.module.js';
import { DeliverEvents, EventStores } from './deliver-events.service.js';
import { EventTargetRepository } from './event-target.repository.js';
import { ExternalEventController } from './external-event.controller.js';

@Module({
  imports: [ServerCoreModule],
  providers: [DeliverEvents, EventStores, EventTargetRepository, ExternalEventController],
})
export class ExternalEventModule {}
