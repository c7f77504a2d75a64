import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../host-directory/host-directory.module.js';
import { AggregateController } from './aggregate.controller.js';
import { AggregateNotifier } from './aggregate.notifier.js';
import { AggregateService } from './aggregate.service.js';
import { AggregateMirror } from './aggregate-mirror.service.js';
import { AggregateSweeper } from './aggregate-sweeper.service.js';
import { AggregateZoneGuard } from './aggregate-zone.guard.js';
import { CacheImages } from './cache-images.service.js';

@Module({
  imports: [HostDirectoryModule],
  providers: [
    AggregateMirror,
    AggregateNotifier,
    AggregateService,
    AggregateSweeper,
    AggregateZoneGuard,
    AggregateController,
    CacheImages,
  ],
})
export class AggregateModule {}
