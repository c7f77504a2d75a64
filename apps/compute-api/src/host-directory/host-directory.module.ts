import { Module } from '@nestjs/common';
import { HostContentRepository } from './host-content.repository.js';
import { HostDirectory } from './host-directory.service.js';

@Module({ providers: [HostContentRepository, HostDirectory], exports: [HostContentRepository, HostDirectory] })
export class HostDirectoryModule {}
