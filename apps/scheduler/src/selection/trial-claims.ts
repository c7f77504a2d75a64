import type { AllocationRequest, ClaimOutcome, ClaimOwner } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import type { ProviderSummary } from '../model/candidates.js';
import type { Claims } from './claim-hosts.service.js';
import type { HostSource } from './host-source.js';

/**
 * Claims of a request that is only tried: placement is not asked, what its answers said of the providers is counted down
 * here instead, parts of a node's tree and shared storage included.
 */
export class TrialClaims implements Claims {
  readonly #providers = new Map<string, ProviderSummary>();
  readonly #held = new Map<string, ReadonlyArray<{ readonly key: string; readonly amount: number }>>();
  /** Provider and class → what the trial has taken. */
  readonly #taken = new Map<string, number>();

  /** The source, listened to: claims are checked against what its answers say. */
  watching(source: HostSource): HostSource {
    return {
      next: async () => {
        const hosts = await source.next();
        for (const [uuid, summary] of Object.entries(hosts?.found.providers ?? {})) this.#providers.set(uuid, summary);
        return hosts;
      },
    };
  }

  async claim(_ctx: Ctx, { consumer }: ClaimOwner, { allocations }: AllocationRequest): Promise<ClaimOutcome> {
    const wanted = Object.entries(allocations).flatMap(([provider, { resources }]) =>
      Object.entries(resources).map(([name, amount]) => ({ provider, name, amount, key: `${provider} ${name}` })),
    );
    const short = wanted.find((part) => part.amount > this.#free(part.provider, part.name, part.key));
    if (short !== undefined)
      return { outcome: 'no-capacity', reason: `provider ${short.provider} has no ${short.amount} of ${short.name} left` };
    for (const { key, amount } of wanted) this.#taken.set(key, (this.#taken.get(key) ?? 0) + amount);
    this.#held.set(consumer, wanted);
    return { outcome: 'claimed' };
  }

  async release(_ctx: Ctx, consumer: string): Promise<void> {
    for (const { key, amount } of this.#held.get(consumer) ?? []) this.#taken.set(key, (this.#taken.get(key) ?? 0) - amount);
    this.#held.delete(consumer);
  }

  /** A provider or class that no answer told of is left to the claim that a real request makes. */
  #free(provider: string, name: string, key: string): number {
    const use = this.#providers.get(provider)?.resources[name];
    return use === undefined ? Number.POSITIVE_INFINITY : use.capacity - use.used - (this.#taken.get(key) ?? 0);
  }
}
