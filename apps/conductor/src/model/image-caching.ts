import type { CachingSoFar, ImageCacheResults, ImageCacheStatus } from '@kilonova/compute-objects';

/** What a host that was asked for images answered; `skipped`: it is down, or nobody knows where it is. */
export type HostImages = ImageCacheResults | 'skipped';

const SUCCESSES: ReadonlySet<ImageCacheStatus> = new Set(['cached', 'existing']);

/** Hosts that have not been asked, in the order in which they are. */
export const hostsLeft = (hosts: readonly string[], soFar: CachingSoFar | undefined): string[] =>
  hosts.filter((host) => soFar === undefined || host > soFar.after).sort();

/** Images that the host has now, and the others. */
export function cachedAndFailed(imageIds: readonly string[], found: HostImages): { cached: string[]; failed: string[] } {
  const has = (id: string): boolean => {
    const status = found === 'skipped' ? undefined : found[id];
    return status !== undefined && SUCCESSES.has(status);
  };
  return { cached: imageIds.filter(has), failed: imageIds.filter((id) => !has(id)) };
}
