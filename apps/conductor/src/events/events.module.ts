import { Config } from '@kilonova/config';
import { InstanceNotifier, NotificationEmitter, NotificationsModule, notificationsSection } from '@kilonova/notifications';
import { Module } from '@nestjs/common';
import { conductorSection } from '../config.js';
import { BootNotifier } from './boot-notifier.js';

function openNotifier(config: Config, emitter: NotificationEmitter): BootNotifier {
  const { host } = config.get(conductorSection);
  const instances = new InstanceNotifier(emitter, { service: 'conductor', host }, config.get(notificationsSection).imageUrl);
  return new BootNotifier(emitter, instances, host);
}

/** What outsiders are told by a conductor. */
@Module({
  imports: [NotificationsModule],
  providers: [{ provide: BootNotifier, useFactory: openNotifier, inject: [Config, NotificationEmitter] }],
  exports: [BootNotifier],
})
export class EventsModule {}
