import type { QueueType } from '../port/bus-options.js';
import { COMMAND_EXCHANGE, DEAD_LETTER_EXCHANGE } from '../wire/names.js';

// Every limit is set here, so that brokers from 3.10 to 4.3 act alike; a changed value is a new queue name, because a
// broker refuses to declare a queue again with other arguments.

/** Deliveries that ended with the consumer's death, after which a cast is a dead letter (4.x: 20 unless set). */
const DELIVERY_LIMIT = 20;
/** A dead-letter queue is read and put back by the operator's tools: it must not run into a limit (4.x sets one). */
const UNLIMITED_DELIVERIES = 1_000_000;
/** 1 MB of memory for about 30,000 messages; past the cap the publisher is refused, not the oldest dropped. */
const MAX_CASTS = 100_000;
const MAX_CALLS = 10_000;
/** A call queue without a server goes away after that, so that callers learn at once that nobody serves it. */
const CALL_QUEUE_EXPIRES_MS = 60_000;

const MIB = 1024 * 1024;
const REJECT = { 'x-overflow': 'reject-publish' };

/** Only quorum queues count deliveries and hand dead letters over with confirms. */
const quorumOnly = (type: QueueType, deliveryLimit: number): Record<string, unknown> =>
  type === 'quorum' ? { 'x-delivery-limit': deliveryLimit, 'x-dead-letter-strategy': 'at-least-once' } : {};

export const castQueueArguments = (deadQueue: string, type: QueueType): Record<string, unknown> => ({
  'x-queue-type': type,
  'x-dead-letter-exchange': DEAD_LETTER_EXCHANGE,
  'x-dead-letter-routing-key': deadQueue,
  'x-max-length': MAX_CASTS,
  ...REJECT,
  ...quorumOnly(type, DELIVERY_LIMIT),
});

/** What comes out of it goes to that cast queue and nowhere else. */
export const retryQueueArguments = (castQueue: string, delayMs: number, type: QueueType): Record<string, unknown> => ({
  'x-queue-type': type,
  'x-message-ttl': delayMs,
  'x-dead-letter-exchange': COMMAND_EXCHANGE,
  'x-dead-letter-routing-key': castQueue,
  'x-max-length': MAX_CASTS,
  ...REJECT,
  ...(type === 'quorum' ? { 'x-dead-letter-strategy': 'at-least-once' } : {}),
});

export const deadQueueArguments = (type: QueueType): Record<string, unknown> => ({
  'x-queue-type': type,
  'x-max-length': MAX_CASTS,
  ...REJECT,
  ...(type === 'quorum' ? { 'x-delivery-limit': UNLIMITED_DELIVERIES } : {}),
});

export const callQueueArguments = (): Record<string, unknown> => ({
  'x-queue-type': 'classic',
  'x-expires': CALL_QUEUE_EXPIRES_MS,
  'x-max-length': MAX_CALLS,
  ...REJECT,
});

/** Kept while nobody serves it, as who serves it may not make it again; callers look whether anybody does. */
export const hostCallQueueArguments = (): Record<string, unknown> => ({
  'x-queue-type': 'classic',
  'x-max-length': MAX_CALLS,
  ...REJECT,
});

/** Best effort: what an agent that is away for longer would have heard is forgotten, and the oldest first. */
export const hostFanoutQueueArguments = (): Record<string, unknown> => ({
  'x-queue-type': 'classic',
  'x-max-length': 1_000,
  'x-message-ttl': 60_000,
});

/** What one host's agent asks its conductor. It fills that, and nobody else's. */
export const inboxArguments = (): Record<string, unknown> => ({
  'x-queue-type': 'classic',
  'x-max-length': 1_000,
  'x-max-length-bytes': 4 * MIB,
  ...REJECT,
});

/** Where something goes that was held back for a while. */
export interface Onward {
  readonly exchange: string;
  /** Left out: that under which it came. */
  readonly key?: string;
}

/** How much goes through, at most. */
export interface Flow {
  readonly messages: number;
  readonly bytes: number;
  readonly everyMs: number;
}

/**
 * Holds each message for `everyMs` and then sends it on. As it holds no more than so much and refuses the rest, the broker itself
 * bounds what one host puts elsewhere. Classic, as a quorum queue learns of its limit late, and refuses at first none of a flood.
 */
export const throttleArguments = ({ messages, bytes, everyMs }: Flow, { exchange, key }: Onward): Record<string, unknown> => ({
  'x-queue-type': 'classic',
  'x-message-ttl': everyMs,
  'x-max-length': messages,
  'x-max-length-bytes': bytes,
  'x-dead-letter-exchange': exchange,
  ...(key === undefined ? {} : { 'x-dead-letter-routing-key': key }),
  ...REJECT,
});
