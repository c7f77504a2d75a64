import type { BusLog } from '../port/bus-observer.js';
import type { NotificationTopology } from '../port/bus-options.js';
import type { ReceivedNotification } from './oslo.codec.js';

export interface SubscriptionOptions {
  /** `amqp://…` or `memory://<name>`. */
  readonly url: string;
  /** The families, e.g. `['versioned_notifications']`. */
  readonly topics: readonly string[];
  /** Default: `['info', 'error']`. */
  readonly priorities?: readonly string[];
  /** Which event types, with `*` and `?`, e.g. `instance.*.end`. Default: all. */
  readonly eventTypes?: readonly string[];
  /**
   * The name of a durable queue of this subscriber's own: what happens while nobody listens is kept, and several
   * listeners of one name share the work. Without a name only what happens from now on is seen.
   */
  readonly queue?: string;
  readonly notifications?: NotificationTopology;
  readonly connectionName?: string;
  readonly log?: BusLog;
}

/** Handled one after the other in the order of arrival; with a named queue, one that throws is delivered again. */
export type NotificationHandler = (notification: ReceivedNotification) => Promise<void> | void;

export interface NotificationSubscription {
  /** Resolves when the subscription is in force. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Tells whether an event type matches one of the patterns (`*` any run of characters, `?` one character). */
export function eventTypeMatcher(patterns: readonly string[] | undefined): (eventType: string) => boolean {
  if (patterns === undefined || patterns.length === 0) return () => true;
  const literal = (text: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const regexes = patterns.map((pattern) => new RegExp(`^${literal(pattern).replaceAll('*', '.*').replaceAll('?', '.')}$`));
  return (eventType) => regexes.some((regex) => regex.test(eventType));
}
