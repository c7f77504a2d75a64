import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../core/server-core.module.js';
import { ServerDiagnosticsController } from './server-diagnostics.controller.js';

@Module({ imports: [ServerCoreModule], providers: [ServerDiagnosticsController] })
export class ServerDiagnosticsModule {}
