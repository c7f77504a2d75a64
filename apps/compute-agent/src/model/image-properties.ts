import type { Instance } from '@kilonova/compute-objects';

const PREFIX = 'image_';
/** What of an image is kept with its server beside its properties. */
const FACTS = new Set(['base_image_ref', 'name', 'container_format', 'disk_format', 'min_ram', 'min_disk']);
/** Pairs that a host tells of. */
const MOST = 256;

/** The properties of the image that a server was made of, as they were kept with it. */
export const imagePropertiesOf = ({ system_metadata: facts }: Pick<Instance, 'system_metadata'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(facts)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value] as const)
      .filter(([name]) => !FACTS.has(name)),
  );

/** How many servers of a host have an image with a property: `name=value` → servers; the commonest, at most 256. */
export function countImageProperties(instances: Iterable<Instance>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const instance of instances)
    for (const [name, value] of Object.entries(imagePropertiesOf(instance)))
      counts.set(`${name}=${value}`, (counts.get(`${name}=${value}`) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST));
}
