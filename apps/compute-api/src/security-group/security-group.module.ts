import { Module } from '@nestjs/common';
import { SecurityGroupController } from './security-group.controller.js';

@Module({ providers: [SecurityGroupController] })
export class SecurityGroupModule {}
