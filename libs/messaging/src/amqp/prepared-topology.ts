import type { QueueType } from '../port/bus-options.js';
import type { ServiceTopic } from '../port/target.js';
import { COMMAND_EXCHANGE, DEAD_LETTER_EXCHANGE, deadQueue, fanoutExchange } from '../wire/names.js';
import { deadQueueArguments } from './queue-arguments.js';

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

type Exchange = Kept & { readonly type: 'direct' | 'fanout'; readonly internal: false };
type Queue = Kept;

interface Binding {
  readonly vhost: string;
  readonly source: string;
  readonly destination: string;
  readonly destination_type: 'queue';
  readonly routing_key: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

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
  const kept = (name: string): Kept => ({ vhost, name, durable: true, auto_delete: false, arguments: {} });
  const exchange = (name: string, type: Exchange['type']): Exchange => ({ ...kept(name), type, internal: false });
  const dead = deadQueue(cell, topic);
  return {
    exchanges: [
      exchange(COMMAND_EXCHANGE, 'direct'),
      exchange(DEAD_LETTER_EXCHANGE, 'direct'),
      exchange(fanoutExchange(cell, topic), 'fanout'),
    ],
    queues: [{ ...kept(dead), arguments: deadQueueArguments(queueType) }],
    bindings: [
      { vhost, source: DEAD_LETTER_EXCHANGE, destination: dead, destination_type: 'queue', routing_key: dead, arguments: {} },
    ],
  };
}
