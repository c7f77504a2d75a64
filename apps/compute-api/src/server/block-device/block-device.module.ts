import { Module } from '@nestjs/common';
import { BootDevices } from './boot-devices.service.js';

@Module({ providers: [BootDevices], exports: [BootDevices] })
export class BlockDeviceModule {}
