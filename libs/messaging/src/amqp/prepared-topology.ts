import type { QueueType } from '../port/bus-options.js';
import type { ServiceTopic } from '../port/target.js';
import { DEFAULT_RETRY_DELAYS_MS } from '../serve/failure.js';
import {
  COMMAND_EXCHANGE,
  castQueue,
  DEAD_LETTER_EXCHANGE,
  deadQueue,
  fanoutExchange,
  helloExchange,
  retryQueue,
} from '../wire/names.js';
import { DEFAULT_NOTIFICATION_EXCHANGE, eventKeys, type HostTopologyOptions, hostQueues, hostTopology } from './host-topology.js';
import { castQueueArguments, deadQueueArguments, retryQueueArguments } from './queue-arguments.js';

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

/** A queue, by default under its own name as routing key. */
const binding = (vhost: string, source: string, queue: string, key = queue): Binding => ({
  vhost,
  source,
  destination: queue,
  destination_type: 'queue',
  routing_key: key,
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

/** The queues of a service's casts and of their retries. */
export function preparedService(
  vhost: string,
  cell: string,
  topic: ServiceTopic,
  queueType: QueueType = 'quorum',
): PreparedTopology {
  const casts = castQueue(cell, { topic });
  const retries = [...new Set(DEFAULT_RETRY_DELAYS_MS)].map((delayMs) => ({
    ...kept(vhost, retryQueue(cell, { topic }, delayMs)),
    arguments: retryQueueArguments(casts, delayMs, queueType),
  }));
  return {
    exchanges: [],
    queues: [{ ...kept(vhost, casts), arguments: castQueueArguments(deadQueue(cell, topic), queueType) }, ...retries],
    bindings: [binding(vhost, COMMAND_EXCHANGE, casts)],
  };
}

/** All that is there for one host: its agent may declare nothing. */
export function preparedHost(vhost: string, cell: string, host: string, options: HostTopologyOptions = {}): PreparedTopology {
  const topology = hostTopology(cell, host, options);
  const queues = hostQueues(topology);
  return {
    exchanges: [exchange(vhost, topology.out, 'direct'), exchange(vhost, helloExchange(cell), 'fanout')],
    queues: queues.map(({ name, arguments: args }) => ({ ...kept(vhost, name), arguments: args })),
    bindings: queues.flatMap(({ name, from, sentAs }) => [
      ...(from === undefined ? [] : [binding(vhost, from, name)]),
      ...sentAs.map((key) => binding(vhost, topology.out, name, key)),
    ]),
  };
}

/**
 * The exchange of notifications with the queues that keep them, for publishers that may not declare these. Durable, as every
 * broker takes that: oslo.messaging's listeners need `amqp_durable_queues = true` there.
 */
export function preparedNotifications(vhost: string, topics: readonly string[]): PreparedTopology {
  const keys = eventKeys(topics);
  return {
    exchanges: [exchange(vhost, DEFAULT_NOTIFICATION_EXCHANGE, 'topic')],
    queues: keys.map((key) => kept(vhost, key)),
    bindings: keys.map((key) => binding(vhost, DEFAULT_NOTIFICATION_EXCHANGE, key)),
  };
}
