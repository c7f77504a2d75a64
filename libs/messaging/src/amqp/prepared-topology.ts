import { notificationKey } from '../notifications/oslo.codec.js';
import type { QueueType } from '../port/bus-options.js';
import type { ServiceTopic, Target } from '../port/target.js';
import { DEFAULT_RETRY_DELAYS_MS } from '../serve/failure.js';
import { COMMAND_EXCHANGE, castQueue, DEAD_LETTER_EXCHANGE, deadQueue, fanoutExchange, retryQueue } from '../wire/names.js';
import { castQueueArguments, deadQueueArguments, retryQueueArguments } from './queue-arguments.js';
import { DEFAULT_NOTIFICATION_EXCHANGE } from './topology.js';

/** Exchanges, queues and bindings of one virtual host as RabbitMQ's definition files write them. */
export interface PreparedTopology {
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly Binding[];
}

interface Kept {
  readonly vhost: string;
  readonly name: string;
  readonly durable: true;
  readonly auto_delete: false;
  readonly arguments: Readonly<Record<string, unknown>>;
}

type Exchange = Kept & { readonly type: 'direct' | 'fanout' | 'topic'; readonly internal: false };
type Queue = Kept;

interface Binding {
  readonly vhost: string;
  readonly source: string;
  readonly destination: string;
  readonly destination_type: 'queue';
  readonly routing_key: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const kept = (vhost: string, name: string): Kept => ({ vhost, name, durable: true, auto_delete: false, arguments: {} });

const exchange = (vhost: string, name: string, type: Exchange['type']): Exchange => ({
  ...kept(vhost, name),
  type,
  internal: false,
});

/** A queue under its own name as routing key. */
const binding = (vhost: string, source: string, queue: string): Binding => ({
  vhost,
  source,
  destination: queue,
  destination_type: 'queue',
  routing_key: queue,
  arguments: {},
});

/**
 * What servers of a topic need that have few rights (README.md, "Rights of an agent") and so cannot declare it themselves:
 * on a broker that loads this they start in any order.
 */
export function preparedTopology(
  vhost: string,
  cell: string,
  topic: ServiceTopic,
  queueType: QueueType = 'quorum',
): PreparedTopology {
  const dead = deadQueue(cell, topic);
  return {
    exchanges: [
      exchange(vhost, COMMAND_EXCHANGE, 'direct'),
      exchange(vhost, DEAD_LETTER_EXCHANGE, 'direct'),
      exchange(vhost, fanoutExchange(cell, topic), 'fanout'),
    ],
    queues: [{ ...kept(vhost, dead), arguments: deadQueueArguments(queueType) }],
    bindings: [binding(vhost, DEAD_LETTER_EXCHANGE, dead)],
  };
}

/** The queues of one target's casts and of their retries: an agent serves those of its host and may declare none. */
export function preparedTarget(vhost: string, cell: string, target: Target, queueType: QueueType = 'quorum'): PreparedTopology {
  const casts = castQueue(cell, target);
  const retries = [...new Set(DEFAULT_RETRY_DELAYS_MS)].map((delayMs) => ({
    ...kept(vhost, retryQueue(cell, target, delayMs)),
    arguments: retryQueueArguments(casts, delayMs, queueType),
  }));
  return {
    exchanges: [],
    queues: [{ ...kept(vhost, casts), arguments: castQueueArguments(deadQueue(cell, target.topic), queueType) }, ...retries],
    bindings: [binding(vhost, COMMAND_EXCHANGE, casts)],
  };
}

/**
 * The exchange of notifications with the queues that keep them, for publishers that may not declare these. Durable, as every
 * broker takes that: oslo.messaging's listeners need `amqp_durable_queues = true` there.
 */
export function preparedNotifications(vhost: string, topics: readonly string[]): PreparedTopology {
  const keys = topics.flatMap((topic) => [notificationKey(topic, 'INFO'), notificationKey(topic, 'ERROR')]);
  return {
    exchanges: [exchange(vhost, DEFAULT_NOTIFICATION_EXCHANGE, 'topic')],
    queues: keys.map((key) => kept(vhost, key)),
    bindings: keys.map((key) => binding(vhost, DEFAULT_NOTIFICATION_EXCHANGE, key)),
  };
}
