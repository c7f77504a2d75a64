import type { Flavor, Instance, Migration } from '@kilonova/compute-objects';

/** What a server counts for. `ram` in MiB. */
export interface HeldQuota {
  readonly cores: number;
  readonly ram: number;
}

/** What a server takes up: its flavor, and while a change of flavor has not ended the most of the old and the new. */
export function heldBy(
  instance: Pick<Instance, 'flavor'>,
  unfinished: ReadonlyArray<Pick<Migration, 'old_flavor' | 'new_flavor'>>,
): HeldQuota {
  const flavors = [instance.flavor, ...unfinished.flatMap((move) => [move.old_flavor, move.new_flavor])];
  const most = (of: (flavor: Flavor) => number): number =>
    Math.max(...flavors.flatMap((flavor) => (flavor === null ? [] : [of(flavor)])));
  return { cores: most((flavor) => flavor.vcpus), ram: most((flavor) => flavor.memory_mb) };
}
