import { Module } from '@nestjs/common';
import { ApiLevelModule } from '../infrastructure/api-level.module.js';
import { StoresModule } from '../infrastructure/stores.module.js';
import { ServiceHandler } from './service.handler.js';

/** The services of the API level, by what they report. */
@Module({ imports: [ApiLevelModule, StoresModule], controllers: [ServiceHandler] })
export class ServiceModule {}
