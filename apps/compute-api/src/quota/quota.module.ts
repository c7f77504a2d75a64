import { Module } from '@nestjs/common';
import { QuotaService } from './quota.service.js';
import { QuotaClassSetController } from './quota-class-set.controller.js';
import { QuotaSetController } from './quota-set.controller.js';

@Module({ providers: [QuotaService, QuotaClassSetController, QuotaSetController], exports: [QuotaService] })
export class QuotaModule {}
