import type { Instance } from './instance.js';

const PREFIX = 'image_';
/** What of an image is kept with its server beside its properties. */
const FACTS = new Set(['base_image_ref', 'name', 'container_format', 'disk_format', 'min_ram', 'min_disk']);

/** The properties of the image that a server was made of, as they were kept with it. */
export const imagePropertiesOf = ({ system_metadata: facts }: Pick<Instance, 'system_metadata'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(facts)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, value]) => [key.slice(PREFIX.length), value] as const)
      .filter(([name]) => !FACTS.has(name)),
  );
