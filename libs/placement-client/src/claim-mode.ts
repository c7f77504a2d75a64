import type { AllocationRequest, Allocations, ClaimMode, ClaimOutcome, ConsumerAllocations } from './allocation.js';

/** What has to be written for a claim, or how it ends without a write. */
export type ClaimStep = { readonly write: Allocations } | { readonly end: ClaimOutcome };

export const HOLDS_NOTHING: ConsumerAllocations = { allocations: {}, projectId: null, userId: null, generation: null };

const amountOf = (allocations: Allocations, provider: string, resourceClass: string): number =>
  allocations[provider]?.resources[resourceClass] ?? 0;

/** True when `held` has at least what `asked` names. */
function covers(held: Allocations, asked: Allocations): boolean {
  return Object.entries(asked).every(([provider, { resources }]) =>
    Object.entries(resources).every(([name, amount]) => amountOf(held, provider, name) >= amount),
  );
}

/** Both together; on a provider that both name (shared storage) the amounts are added. */
function sum(held: Allocations, asked: Allocations): Allocations {
  const result: Record<string, { resources: Record<string, number> }> = {};
  for (const part of [held, asked]) {
    for (const [provider, { resources }] of Object.entries(part)) {
      const into = result[provider] ?? { resources: {} };
      result[provider] = into;
      for (const [name, amount] of Object.entries(resources)) into.resources[name] = (into.resources[name] ?? 0) + amount;
    }
  }
  return result;
}

/** What a claim has to do, given what its owner holds now. */
export function claimStep(mode: ClaimMode, held: ConsumerAllocations, request: AllocationRequest): ClaimStep {
  const asked = request.allocations;
  if (held.generation === null) return { write: asked };
  if (mode === 'build') return { end: { outcome: 'adopted', allocations: held.allocations } };
  const has = covers(held.allocations, asked);
  if (mode === 'add') return has ? { end: { outcome: 'claimed' } } : { write: sum(held.allocations, asked) };
  const same = has && covers(asked, held.allocations);
  return { end: same ? { outcome: 'claimed' } : { outcome: 'conflict', allocations: held.allocations } };
}

/** What is left of `held` without `part`; providers and classes of which nothing is left are gone. */
export function difference(held: Allocations, part: Allocations): Allocations {
  const left = Object.entries(held).map(([provider, { resources }]) => {
    const kept = Object.entries(resources).map(([name, amount]) => [name, amount - amountOf(part, provider, name)] as const);
    return [provider, { resources: Object.fromEntries(kept.filter(([, amount]) => amount > 0)) }] as const;
  });
  return Object.fromEntries(left.filter(([, { resources }]) => Object.keys(resources).length > 0));
}

/** There is nothing that could be changed. */
export const holdsNothing = (consumer: string): ClaimOutcome => ({
  outcome: 'invalid',
  reason: `consumer ${consumer} holds nothing`,
});
