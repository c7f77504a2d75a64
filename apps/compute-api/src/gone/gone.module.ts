import { Module } from '@nestjs/common';
import { GoneController } from './gone.controller.js';

@Module({ providers: [GoneController] })
export class GoneModule {}
