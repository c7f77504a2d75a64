import type { World } from '../../world/index.js';
import type { AllocationRequest } from '../query.js';

/** `cn1[VCPU:1 DISK_GB:5] ss1[DISK_GB:5] / =cn1,ss1` per request, sorted: what a test compares. */
export function showRequests(world: World, requests: readonly AllocationRequest[]): string[] {
  return requests.map((request) => showRequest(world, request)).sort();
}

export function showRequest(world: World, { allocations, mappings }: AllocationRequest): string {
  const name = (index: number): string => world.providers.name[index] ?? '?';
  const parts = new Map<string, string[]>();
  for (const { provider, classId, amount } of allocations) {
    const part = parts.get(name(provider)) ?? [];
    parts.set(name(provider), part);
    part.push(`${world.classes.name(classId)}:${amount}`);
  }
  const given = [...parts].map(([provider, amounts]) => `${provider}[${amounts.sort().join(' ')}]`).sort();
  const mapped = [...mappings].map(([suffix, providers]) => `${suffix}=${providers.map(name).sort().join(',')}`).sort();
  return `${given.join(' ')} / ${mapped.join(' ')}`;
}
