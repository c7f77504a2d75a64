import { Module } from '@nestjs/common';
import { HostModule } from '../host/host.module.js';
import { NetworkRefreshModule } from '../network/network-refresh.module.js';
import { ExternalEventHandler } from './external-event.handler.js';
import { ExternalEvents } from './external-events.js';

/** What other services tell of guests. */
@Module({
  imports: [HostModule, NetworkRefreshModule],
  controllers: [ExternalEventHandler],
  providers: [ExternalEvents],
  exports: [ExternalEvents],
})
export class ExternalEventModule {}
