import type { Ctx } from '@kilonova/util';
import type { QueueType } from '../port/bus-options.js';
import type { ServiceTopic, Target } from '../port/target.js';

/** A cast that was given up, with the reason. */
export interface DeadLetter {
  readonly messageId: string;
  readonly target: Target;
  readonly method: string;
  /** Of the message; left out: 1.0. */
  readonly version?: string;
  readonly args: unknown;
  readonly ctx: Ctx;
  /** How often it was tried. */
  readonly attempt: number;
  readonly reason: DeadReason;
  /** Epoch milliseconds. */
  readonly diedAt: number;
}

/** The error that ended it; code `messaging.delivery.limit` when the consumer's process died over it too often. */
export interface DeadReason {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
}

/** Which letters: those named, or all there are now. */
export type LetterSelection = readonly string[] | 'all';

/** The operator's view on one cell's dead letters. */
export interface DeadLetters {
  /** The oldest first, at most `limit` (default 100); they stay where they are. */
  list(topic: ServiceTopic, limit?: number): Promise<readonly DeadLetter[]>;
  /** Undefined when there is no such letter. */
  show(topic: ServiceTopic, messageId: string): Promise<DeadLetter | undefined>;
  /** Sends them to their targets again as first attempts; returns how many. */
  replay(topic: ServiceTopic, which: LetterSelection): Promise<number>;
  /** Deletes them; returns how many. */
  drop(topic: ServiceTopic, which: LetterSelection): Promise<number>;
  close(): Promise<void>;
}

export interface DeadLettersOptions {
  readonly url: string;
  readonly cell: string;
  /** The cell's. Default `quorum`. */
  readonly queueType?: QueueType;
}
