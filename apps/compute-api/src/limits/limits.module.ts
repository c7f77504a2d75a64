import { Module } from '@nestjs/common';
import { QuotaModule } from '../quota/quota.module.js';
import { LimitsController } from './limits.controller.js';

@Module({ imports: [QuotaModule], providers: [LimitsController] })
export class LimitsModule {}
