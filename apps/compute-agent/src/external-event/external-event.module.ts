import { Module } from '@nestjs/common';
import { ExternalEventHandler } from './external-event.handler.js';
import { ExternalEvents } from './external-events.js';

/** What other services tell of guests. */
@Module({ controllers: [ExternalEventHandler], providers: [ExternalEvents], exports: [ExternalEvents] })
export class ExternalEventModule {}
