import { Module } from '@nestjs/common';
import { FlavorController } from './flavor.controller.js';
import { FlavorNotifier } from './flavor.notifier.js';
import { FlavorAccessController } from './flavor-access.controller.js';
import { FlavorSpecController } from './flavor-spec.controller.js';

@Module({ providers: [FlavorNotifier, FlavorAccessController, FlavorController, FlavorSpecController] })
export class FlavorModule {}
