import type { Ctx } from '@kilonova/util';
import type { QueueType } from '../port/bus-options.js';
import type { Sender } from '../port/sender.js';
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
  /** Who sent it first, as far as that is vouched for; null: nobody vouches. */
  readonly sender: Sender | null;
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

/** Whether a letter is among those meant. */
export const chosen = ({ messageId }: DeadLetter, which: LetterSelection): boolean =>
  which === 'all' || which.includes(messageId);

export interface ReplayOptions {
  /** Also what guards refused, and what was put on the shelf by somebody else than its queue's server. */
  readonly force?: boolean;
}

/**
 * Why a letter was not sent again: `refused` by a guard before, `forged`: put there by somebody who does not serve its queue,
 * `foreign-queue`: of another topic, `no-body`: it was too large to be kept, `unroutable`: its queue is gone.
 */
export type KeptReason = 'refused' | 'forged' | 'foreign-queue' | 'no-body' | 'unroutable';

export interface Replayed {
  /** The ids of those that were sent. */
  readonly sent: readonly string[];
  readonly kept: ReadonlyArray<{ readonly messageId: string; readonly why: KeptReason }>;
}

/** The operator's view on one cell's dead letters. */
export interface DeadLetters {
  /** The oldest first, at most `limit` (default 100); they stay where they are. */
  list(topic: ServiceTopic, limit?: number): Promise<readonly DeadLetter[]>;
  /** Undefined when there is no such letter. */
  show(topic: ServiceTopic, messageId: string): Promise<DeadLetter | undefined>;
  /** Sends them to their targets again as first attempts, under the name of who sent them first. */
  replay(topic: ServiceTopic, which: LetterSelection, options?: ReplayOptions): Promise<Replayed>;
  /** Deletes them; returns their ids. */
  drop(topic: ServiceTopic, which: LetterSelection): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface DeadLettersOptions {
  readonly url: string;
  readonly cell: string;
  /**
   * Whose word on first senders is believed, beside the user of the URL; must be that of the receivers, who believe a replay
   * from these alone. Default: `controller`, `conductor.<cell>`.
   */
  readonly controlPlaneUsers?: readonly string[];
  /** The cell's. Default `quorum`. */
  readonly queueType?: QueueType;
}
