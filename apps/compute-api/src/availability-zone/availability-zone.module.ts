import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../host-directory/host-directory.module.js';
import { AvailabilityZoneController } from './availability-zone.controller.js';

@Module({ imports: [HostDirectoryModule], providers: [AvailabilityZoneController] })
export class AvailabilityZoneModule {}
