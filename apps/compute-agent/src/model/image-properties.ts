import { type Instance, imagePropertiesOf } from '@kilonova/compute-objects';

/** Pairs that a host tells of. */
const MOST = 256;

/** How many servers of a host have an image with a property: `name=value` → servers; the commonest, at most 256. */
export function countImageProperties(instances: Iterable<Instance>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const instance of instances)
    for (const [name, value] of Object.entries(imagePropertiesOf(instance)))
      counts.set(`${name}=${value}`, (counts.get(`${name}=${value}`) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST));
}
