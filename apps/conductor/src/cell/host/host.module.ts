import { Module } from '@nestjs/common';
import { CellDatabaseModule } from '../infrastructure/cell-database.module.js';
import { HostHandler } from './host.handler.js';
import { ReportHost } from './report-host.service.js';

/** The hosts of this cell, by their agents. */
@Module({ imports: [CellDatabaseModule], controllers: [HostHandler], providers: [ReportHost] })
export class HostModule {}
