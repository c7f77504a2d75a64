import type { World } from '../world/index.js';

/** True when one of the providers is ancestor of, or is, each of them. */
export function shareSubtree(world: World, providers: readonly number[]): boolean {
  return providers.some((top) => providers.every((provider) => isUnder(world, provider, top)));
}

function isUnder(world: World, provider: number, top: number): boolean {
  for (let at = provider; at !== -1; at = world.providers.parent(at)) if (at === top) return true;
  return false;
}
