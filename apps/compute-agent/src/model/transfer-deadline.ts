import type { Flavor } from '@kilonova/compute-objects';

const MIB_A_GIB = 1024;
/** What a guest's memory, and each of its disks, counts for at least, GiB. Source: Nova. */
const LEAST_GIB = 2;

/** How long a guest may take to go over, seconds: so many for each GiB of its memory, and of its disks where they go as well. 0: no limit. */
export function transferSeconds(flavor: Flavor, withDisks: boolean, secondsPerGib: number): number {
  const disks = [flavor.root_gb, flavor.ephemeral_gb].filter((size) => withDisks && size > 0);
  const gib = [flavor.memory_mb / MIB_A_GIB, ...disks].map((size) => Math.max(size, LEAST_GIB));
  return secondsPerGib * gib.reduce((sum, size) => sum + size, 0);
}
