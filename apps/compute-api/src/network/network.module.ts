import { Module } from '@nestjs/common';
import { NetworkController } from './network.controller.js';

@Module({ providers: [NetworkController] })
export class NetworkModule {}
