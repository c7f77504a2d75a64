import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ConsoleOutputController } from './console-output.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ConsoleOutputController] })
export class ConsoleOutputModule {}
