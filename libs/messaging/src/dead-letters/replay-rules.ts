import type { DeadReason, KeptReason } from './dead-letter.js';

/** What is known of a letter before it may be sent again. */
export interface LetterFacts {
  readonly reason: Pick<DeadReason, 'kind' | 'code'>;
  /** Its queue is one of the topic on whose shelf it lies. */
  readonly ofShelf: boolean;
  /** Put there by who serves that queue, or by the broker itself, and signed by its sender. */
  readonly authentic: boolean;
  readonly whole: boolean;
}

/** What a guard refuses has kind `forbidden`, or a code that speaks of the sender. */
const wasRefused = ({ kind, code }: LetterFacts['reason']): boolean => kind === 'forbidden' || code.split('.').includes('sender');

/**
 * Why a letter stays where it is; undefined: it may be sent again. `force` overrides the word of a guard, not a lack of
 * what sending takes.
 */
export function obstacleTo(letter: LetterFacts, force: boolean): KeptReason | undefined {
  if (!letter.ofShelf) return 'foreign-queue';
  if (!letter.whole) return 'no-body';
  if (force) return undefined;
  if (wasRefused(letter.reason)) return 'refused';
  return letter.authentic ? undefined : 'forged';
}
