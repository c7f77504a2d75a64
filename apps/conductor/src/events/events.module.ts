import { Config } from '@kilonova/config';
import { InstanceNotifier, NotificationEmitter, NotificationsModule, notificationsSection } from '@kilonova/notifications';
import { Module } from '@nestjs/common';
import { conductorSection } from '../config.js';
import { BootNotifier } from './boot-notifier.js';
import { ImageCacheNotifier } from './image-cache.notifier.js';

function openNotifier(config: Config, emitter: NotificationEmitter): BootNotifier {
  const { host } = config.get(conductorSection);
  const instances = new InstanceNotifier(emitter, { service: 'conductor', host }, config.get(notificationsSection).imageUrl);
  return new BootNotifier(emitter, instances, host);
}

const openCacheNotifier = (config: Config, emitter: NotificationEmitter): ImageCacheNotifier =>
  new ImageCacheNotifier(emitter, config.get(conductorSection).host);

/** What outsiders are told by a conductor. */
@Module({
  imports: [NotificationsModule],
  providers: [
    { provide: BootNotifier, useFactory: openNotifier, inject: [Config, NotificationEmitter] },
    { provide: ImageCacheNotifier, useFactory: openCacheNotifier, inject: [Config, NotificationEmitter] },
  ],
  exports: [BootNotifier, ImageCacheNotifier],
})
export class EventsModule {}
