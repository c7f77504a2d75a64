import { BlockDeviceRepository } from '@kilonova/cell-db';
import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../server/core/server-core.module.js';
import { AssistedStores, AssistSnapshot } from './assist-snapshot.service.js';
import { AssistedSnapshotController } from './assisted-snapshot.controller.js';

@Module({
  imports: [ServerCoreModule],
  providers: [AssistedSnapshotController, AssistSnapshot, AssistedStores, BlockDeviceRepository],
})
export class AssistedSnapshotModule {}
