import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { PowerController } from './power.controller.js';

@Module({ imports: [ServerCoreModule], providers: [PowerController] })
export class PowerModule {}
