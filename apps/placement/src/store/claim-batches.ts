import type { ConsumerClaim } from '../model/allocation.js';

export interface BatchLimits {
  /** Batches under way at once. */
  readonly atOnce: number;
  /** Claims in one batch. */
  readonly size: number;
  /** How many may wait; more go alone. */
  readonly line: number;
}

interface Waiter {
  readonly claim: ConsumerClaim;
  readonly answer: (taken: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** The provider by which a claim waits: the first that it names; empty when it gives everything back. */
export const providerOf = (claim: ConsumerClaim): string => claim.wants[0]?.providerUuid ?? '';

/** A new consumer's claim on one provider: nearly all claims are. */
export const mayBeBatched = (claim: ConsumerClaim): boolean =>
  claim.generation === null && claim.wants.length > 0 && claim.wants.every((want) => want.providerUuid === providerOf(claim));

/**
 * Gathers claims while others are under way and has them taken together, so that a busy service makes fewer round trips and
 * commits the busier it is. A claim that is not taken in a batch, for whatever reason, is to be made alone.
 */
export class ClaimBatches {
  readonly #line: Waiter[] = [];
  /** Of those that wait or are under way. */
  readonly #providers = new Set<string>();
  #running = 0;

  /** @param takeEach takes what it can, and answers for each claim whether it did. */
  constructor(
    private readonly takeEach: (claims: readonly ConsumerClaim[]) => Promise<readonly boolean[]>,
    private readonly limits: BatchLimits,
  ) {}

  /**
   * Whether the claim was taken. One on a provider that is in a batch already is not: it would only wait for that, and each
   * further version of a row within one transaction makes the next one dearer. @throws what `takeEach` throws.
   */
  take(claim: ConsumerClaim): Promise<boolean> {
    const provider = providerOf(claim);
    if (this.#line.length >= this.limits.line || this.#providers.has(provider)) return Promise.resolve(false);
    this.#providers.add(provider);
    return new Promise((answer, fail) => {
      this.#line.push({ claim, answer, fail });
      if (this.#running < this.limits.atOnce) void this.#work();
    });
  }

  /** One batch after another, as long as somebody waits. */
  async #work(): Promise<void> {
    this.#running++;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      try {
        const taken = await this.takeEach(batch.map(({ claim }) => claim));
        for (const [index, { answer }] of batch.entries()) answer(taken[index] === true);
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
      for (const { claim } of batch) this.#providers.delete(providerOf(claim));
    }
    this.#running--;
  }

  #next(): Waiter[] {
    return this.#line.splice(0, this.limits.size);
  }
}
