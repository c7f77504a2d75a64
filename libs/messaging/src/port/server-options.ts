import type { BusLog, BusObserver } from './bus-observer.js';
import type { QueueType } from './bus-options.js';
import type { Delivery } from './delivery.js';
import type { ServiceTopic } from './target.js';

/** What a serving process listens to on one broker. */
export interface BusServerOptions {
  /** `amqp://user:password@host:port/vhost` or `memory://<name>`. */
  readonly url: string;
  readonly cell: string;
  readonly topic: ServiceTopic;
  /** An agent's hosts; each has its own queue. Empty for conductor and scheduler. */
  readonly hosts?: readonly string[];
  /** A cell's conductors: agents ask them, each by a queue of its host, and new hosts are found by themselves. */
  readonly agents?: boolean;
  /** How many casts one queue may have under way in this process. */
  readonly prefetch: number;
  /** How many calls one queue, or those of all agents together, may have under way in this process. Default 64. */
  readonly callPrefetch?: number;
  /**
   * The broker users of the control plane: handlers see them as such, and their word on who sent a message first is
   * believed (replays). Nobody, unless named.
   */
  readonly controlPlaneUsers?: readonly string[];
  /** Must be the same for all who talk to one cell. Default `quorum`. */
  readonly queueType?: QueueType;
  /**
   * `prepared`: exchanges and queues were made by the broker's operator (`preparedTopology`, `preparedHost`), and this user may not declare
   * them; only what ends with the process is. Default `declare`.
   */
  readonly topology?: 'declare' | 'prepared';
  /** The pauses before a failed cast is tried again, milliseconds; when they are used up it becomes a dead letter. */
  readonly retryDelaysMs?: readonly number[];
  /** How long `close` waits for handlers, milliseconds. Default 30 000. */
  readonly drainMs?: number;
  readonly connectionName?: string;
  readonly log?: BusLog;
  readonly observe?: BusObserver;
}

/** What runs for each message. Rejects with an AppError; anything else counts as a bug. */
export type RequestHandler = (method: string, args: unknown, delivery: Delivery) => Promise<unknown>;

/** Consumers, not connections: `ready` is false while any queue is without its consumer. */
export interface ServerHealth {
  readonly ready: boolean;
  readonly expected: number;
  readonly active: number;
}

/** The serving side of one broker, without Nest. */
export interface BusServer {
  /** Resolves when every queue has its consumer. @throws AppError `messaging.unavailable` after 60 s. */
  start(): Promise<void>;
  health(): ServerHealth;
  /** Stops consuming, waits for handlers up to `drainMs`, then closes; what is unfinished will be delivered again. */
  close(): Promise<void>;
}
