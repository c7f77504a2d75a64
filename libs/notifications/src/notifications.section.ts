import { defineSection, option, type SectionValues } from '@kilonova/config';
import type { MessageBus } from '@kilonova/messaging';
import { NotificationEmitter } from './emitter.js';

/** Which events leave, and where to. The names follow the options that operators of Nova know. */
export const notificationsSection = defineSection('notifications', {
  format: option.choice(['versioned', 'unversioned', 'both'], {
    default: 'both',
    help: 'The families of events that are sent: versioned objects, the older dictionaries, or both. Each family costs a message an event.',
  }),
  versionedTopics: option.list({
    default: ['versioned_notifications'],
    help: 'A queue <topic>.<priority> is kept for each; one that nobody reads grows.',
  }),
  legacyTopics: option.list({ default: ['notifications'], help: 'The same for the unversioned family.' }),
  durable: option.bool({
    default: true,
    help: "Whether exchange and queues survive the broker; oslo.messaging's listeners need the same amqp_durable_queues. RabbitMQ refuses false from 4.3 on.",
  }),
  imageUrl: option.string({ default: '', help: 'The URL of the image service as it stands in unversioned events.' }),
});

/** An emitter as configured; failures go to `onFailure`. */
export const createEmitter = (
  bus: MessageBus,
  section: SectionValues<typeof notificationsSection>,
  onFailure: (error: unknown, eventType: string) => void,
): NotificationEmitter =>
  new NotificationEmitter(bus, {
    format: section.format,
    versionedTopics: section.versionedTopics,
    legacyTopics: section.legacyTopics,
    onFailure,
  });
