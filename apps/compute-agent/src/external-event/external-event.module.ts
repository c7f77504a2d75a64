import { Module } from '@nestjs/common';
import { HostModule } from '../host/host.module.js';
import { NetworkRefreshModule } from '../network/network-refresh.module.js';
import { ExpectedEventsModule } from './expected-events.module.js';
import { ExternalEventHandler } from './external-event.handler.js';

/** What other services tell of guests. */
@Module({
  imports: [ExpectedEventsModule, HostModule, NetworkRefreshModule],
  controllers: [ExternalEventHandler],
})
export class ExternalEventModule {}
