import { Module } from '@nestjs/common';
import { CapacityController } from './capacity.controller.js';

@Module({ providers: [CapacityController] })
export class CapacityModule {}
