import { Config } from '@kilonova/config';
import { MessageBus } from '@kilonova/messaging';
import type { Logger } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { Module } from '@nestjs/common';
import { NotificationEmitter } from './emitter.js';
import { createEmitter, notificationsSection } from './notifications.section.js';

const openEmitter = (config: Config, bus: MessageBus, logger: Logger): NotificationEmitter =>
  createEmitter(bus, config.get(notificationsSection), (error, eventType) =>
    logger.warn({ err: error, eventType }, 'a notification was not sent'),
  );

/** Events over the service's own bus; as the section notifications says. */
@Module({
  providers: [{ provide: NotificationEmitter, useFactory: openEmitter, inject: [Config, MessageBus, LOGGER] }],
  exports: [NotificationEmitter],
})
export class NotificationsModule {}
