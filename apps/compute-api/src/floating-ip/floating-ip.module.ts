import { Module } from '@nestjs/common';
import { FloatingIpController } from './floating-ip.controller.js';

@Module({ providers: [FloatingIpController] })
export class FloatingIpModule {}
