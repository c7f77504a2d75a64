import { Module } from '@nestjs/common';
import { ExtensionController } from './extension.controller.js';

@Module({ providers: [ExtensionController] })
export class ExtensionModule {}
