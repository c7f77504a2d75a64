import type { AllocationRequest, CandidatesOutcome, ClaimOutcome, ClaimOwner, PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import type { CandidatesAnswer, ProviderSummary } from '../model/candidates.js';
import type { Claims } from './claim-hosts.service.js';

/** Where candidates are asked for. */
export type CandidateFinder = Pick<PlacementClient, 'candidates'>;

/**
 * Placement as a request that is only tried sees it: claims are counted here, parts of a node's tree and shared storage
 * included, and further answers of the real one are less what the trial holds.
 */
export class TrialPlacement implements Claims, CandidateFinder {
  readonly #providers = new Map<string, ProviderSummary>();
  readonly #held = new Map<string, ReadonlyArray<Part>>();
  /** Provider and class → what the trial has taken. */
  readonly #taken = new Map<string, number>();

  constructor(private readonly placement: CandidateFinder) {}

  async candidates(...question: Parameters<PlacementClient['candidates']>): Promise<CandidatesOutcome> {
    const answer = await this.placement.candidates(...question);
    if (answer.outcome === 'refused') return answer;
    for (const [uuid, summary] of Object.entries(answer.candidates.provider_summaries)) this.#providers.set(uuid, summary);
    return this.#held.size === 0 ? answer : { outcome: 'found', candidates: this.#left(answer.candidates) };
  }

  async claim(_ctx: Ctx, { consumer }: ClaimOwner, request: AllocationRequest): Promise<ClaimOutcome> {
    const short = this.#shortage(request);
    if (short !== undefined)
      return { outcome: 'no-capacity', reason: `provider ${short.provider} has no ${short.amount} of ${short.name} left` };
    const wanted = partsOf(request);
    for (const part of wanted) this.#taken.set(keyOf(part), this.#takenOf(part) + part.amount);
    this.#held.set(consumer, wanted);
    return { outcome: 'claimed' };
  }

  async release(_ctx: Ctx, consumer: string): Promise<void> {
    for (const part of this.#held.get(consumer) ?? []) this.#taken.set(keyOf(part), this.#takenOf(part) - part.amount);
    this.#held.delete(consumer);
  }

  /** What placement would answer had it granted the claims: trees that have no way left are not told of. */
  #left<A extends CandidatesAnswer>(answer: A): A {
    const requests = answer.allocation_requests.filter((request) => this.#shortage(request) === undefined);
    const rootOf = (uuid: string): string => answer.provider_summaries[uuid]?.root_provider_uuid ?? uuid;
    const roots = new Set(requests.flatMap(({ allocations }) => Object.keys(allocations).map(rootOf)));
    const summaries = Object.entries(answer.provider_summaries)
      .filter(([, summary]) => roots.has(summary.root_provider_uuid))
      .map(([uuid, summary]) => [uuid, this.#used(uuid, summary)]);
    return { ...answer, allocation_requests: requests, provider_summaries: Object.fromEntries(summaries) };
  }

  #used(provider: string, summary: ProviderSummary): ProviderSummary {
    const resources = Object.entries(summary.resources).map(([name, use]) => [
      name,
      { ...use, used: use.used + this.#takenOf({ provider, name }) },
    ]);
    return { ...summary, resources: Object.fromEntries(resources) };
  }

  #shortage(request: AllocationRequest): Part | undefined {
    return partsOf(request).find((part) => part.amount > this.#free(part));
  }

  /** A provider or class that no answer told of is left to the claim that a real request makes. */
  #free(part: Use): number {
    const use = this.#providers.get(part.provider)?.resources[part.name];
    return use === undefined ? Number.POSITIVE_INFINITY : use.capacity - use.used - this.#takenOf(part);
  }

  #takenOf(part: Use): number {
    return this.#taken.get(keyOf(part)) ?? 0;
  }
}

/** A class of a provider. */
interface Use {
  readonly provider: string;
  readonly name: string;
}

interface Part extends Use {
  readonly amount: number;
}

const keyOf = ({ provider, name }: Use): string => `${provider} ${name}`;

const partsOf = ({ allocations }: AllocationRequest): readonly Part[] =>
  Object.entries(allocations).flatMap(([provider, { resources }]) =>
    Object.entries(resources).map(([name, amount]) => ({ provider, name, amount })),
  );
