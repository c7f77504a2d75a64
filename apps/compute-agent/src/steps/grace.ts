import type { Instance } from '@kilonova/compute-objects';

/** How long a guest that is asked to shut down may take, seconds, where neither image nor server says so. Source: Nova's `shutdown_timeout`. */
const GRACE_SECONDS = 60;

/** How long the guest of a server may take to shut down, seconds; 0: its power is cut at once. */
export function graceOf({ system_metadata }: Pick<Instance, 'system_metadata'>): number {
  const set = Number(system_metadata['image_os_shutdown_timeout'] ?? GRACE_SECONDS);
  return set >= 0 ? set : 0;
}
