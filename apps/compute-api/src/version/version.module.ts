import { Module } from '@nestjs/common';
import { VersionController } from './version.controller.js';

@Module({ providers: [VersionController] })
export class VersionModule {}
