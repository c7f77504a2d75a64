import type { BusLog, BusObserver } from './bus-observer.js';

/** How the queues of casts are kept: `quorum` is replicated; `classic` is lighter where there are very many hosts. */
export type QueueType = 'quorum' | 'classic';

/** What a sending process says about one broker. */
export interface MessageBusOptions {
  /** `amqp://user:password@host:port/vhost` or `memory://<name>`. */
  readonly url: string;
  /** The prefix of every queue name; the API level's broker is `api`. */
  readonly cell: string;
  /**
   * Of an agent: its host, the first where it has several. All that such a bus sends leaves through the exchange of that host: calls of
   * its conductor, and events.
   */
  readonly host?: string;
  /** What the broker's operator sees, e.g. `conductor`. */
  readonly connectionName?: string;
  /** Must be the same for all who talk to one cell. Default `quorum`. */
  readonly queueType?: QueueType;
  /**
   * `prepared`: exchanges and queues were made by the broker's operator (`preparedTopology`, `preparedHost`), and this user may not declare
   * them; only what ends with the process is. Default `declare`.
   */
  readonly topology?: 'declare' | 'prepared';
  /** How many messages may wait for the broker's confirm at once; more wait in line. Default 1024. */
  readonly maxInFlight?: number;
  /** How long a cast waits for the broker, milliseconds, before it counts as unavailable. Default 15 000. */
  readonly confirmTimeoutMs?: number;
  /** How long a notification waits for the broker, milliseconds. Default 1000. */
  readonly notifyTimeoutMs?: number;
  readonly notifications?: NotificationTopology;
  readonly log?: BusLog;
  readonly observe?: BusObserver;
}

/** The exchange and queues of notifications, as oslo.messaging's listeners expect to find them. */
export interface NotificationTopology {
  /** Default `nova` (oslo's `control_exchange`). */
  readonly exchange?: string;
  /** oslo's `amqp_durable_queues`. Default: true; RabbitMQ refuses transient queues from 4.3 on. */
  readonly durable?: boolean;
}
