import { Module } from '@nestjs/common';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { DepartureHandler } from './departure.handler.js';
import { ReleaseQuota } from './release-quota.service.js';

/** The end of servers in the API database. */
@Module({ imports: [ApiLevelModule, StoresModule], controllers: [DepartureHandler], providers: [ReleaseQuota] })
export class DepartureModule {}
