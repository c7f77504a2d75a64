import { Module } from '@nestjs/common';
import { HostDirectoryModule } from '../host-directory/host-directory.module.js';
import { HypervisorController } from './hypervisor.controller.js';
import { HypervisorService } from './hypervisor.service.js';

@Module({ imports: [HostDirectoryModule], providers: [HypervisorService, HypervisorController] })
export class HypervisorModule {}
