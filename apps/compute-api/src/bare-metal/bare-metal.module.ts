import { Module } from '@nestjs/common';
import { BareMetalController } from './bare-metal.controller.js';

@Module({ providers: [BareMetalController] })
export class BareMetalModule {}
