import { Module } from '@nestjs/common';
import { ExternalEvents } from './external-events.js';

/** What is expected of other services, for who waits for it and who tells it. */
@Module({ providers: [ExternalEvents], exports: [ExternalEvents] })
export class ExpectedEventsModule {}
