import { Module } from '@nestjs/common';
import { ConsoleAuthTokenController } from './console-auth-token.controller.js';

@Module({ providers: [ConsoleAuthTokenController] })
export class ConsoleAuthTokenModule {}
