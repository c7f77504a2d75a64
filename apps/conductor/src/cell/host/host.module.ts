import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { CellDatabaseModule } from '../infrastructure/cell-database.module.js';
import { HostHandler } from './host.handler.js';
import { ReportHost } from './report-host.service.js';
import { SyncPower } from './sync-power.service.js';

/** The hosts of this cell, by their agents. */
@Module({ imports: [CellDatabaseModule, EventsModule], controllers: [HostHandler], providers: [ReportHost, SyncPower] })
export class HostModule {}
