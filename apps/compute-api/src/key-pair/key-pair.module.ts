import { Module } from '@nestjs/common';
import { KeyPairController } from './key-pair.controller.js';
import { KeyPairFactory } from './key-pair.factory.js';
import { KeyPairNotifier } from './key-pair.notifier.js';
import { KeyPairService } from './key-pair.service.js';
import { RsaGenerator } from './rsa-generator.service.js';

@Module({ providers: [KeyPairFactory, KeyPairNotifier, KeyPairService, RsaGenerator, KeyPairController] })
export class KeyPairModule {}
