import { Module } from '@nestjs/common';
import { SnapshotController } from './snapshot.controller.js';
import { VolumeController } from './volume.controller.js';

@Module({ providers: [SnapshotController, VolumeController] })
export class VolumeModule {}
