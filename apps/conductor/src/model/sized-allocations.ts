import type { Flavor, Instance } from '@kilonova/compute-objects';
import type { Allocations } from '@kilonova/placement-client';

/** Classes that a flavor's own numbers decide; CPUs are of one class or the other. */
const CPUS = ['VCPU', 'PCPU'] as const;

/** What a server takes up by its flavor, GiB of disk on its host. */
function amountsOf(flavor: Flavor, { image_ref: image }: Pick<Instance, 'image_ref'>): ReadonlyMap<string, number> {
  const root = (image ?? '') === '' ? 0 : flavor.root_gb;
  const disk = root + flavor.ephemeral_gb + Math.ceil(flavor.swap / 1024);
  const own = [
    ...CPUS.map((name) => [name, flavor.vcpus] as const),
    ['MEMORY_MB', flavor.memory_mb] as const,
    ['DISK_GB', disk] as const,
  ];
  return new Map(own.filter(([name]) => !(`resources:${name}` in flavor.extra_specs)));
}

/** What a server holds where it is, with the amounts of a flavor: what it holds nothing of, or what extra specs decide, stays. */
export function sizedAllocations(held: Allocations, flavor: Flavor, server: Pick<Instance, 'image_ref'>): Allocations {
  const amounts = amountsOf(flavor, server);
  return Object.fromEntries(
    Object.entries(held).map(([provider, { resources }]) => [
      provider,
      { resources: Object.fromEntries(Object.entries(resources).map(([name, amount]) => [name, amounts.get(name) ?? amount])) },
    ]),
  );
}

/** Whether a change of flavor can be told from what is held: each class of one provider, CPUs of one kind. */
export function isSizable(held: Allocations): boolean {
  const classes = Object.values(held).flatMap(({ resources }) => Object.keys(resources));
  return new Set(classes).size === classes.length && CPUS.filter((name) => classes.includes(name)).length <= 1;
}
