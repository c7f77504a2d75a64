import type { RequestSpec } from '@kilonova/compute-objects';

const REQUIRED = 'required';
const FORBIDDEN = 'forbidden';

const named = (properties: Readonly<Record<string, string>>, wish: string): string[] =>
  Object.entries(properties)
    .filter(([key, value]) => key.startsWith('trait:') && value === wish)
    .map(([key]) => key.slice('trait:'.length));

/**
 * Why a server that stays where it is can't have the image: its flavor forbids a trait that the image requires, or the
 * providers that the server uses lack one. Undefined: it can. Source: Nova's check before a rebuild, and its words.
 */
export function imageTraitFault({ image, flavor }: RequestSpec, present: ReadonlySet<string>): string | undefined {
  const required = named(image?.properties ?? {}, REQUIRED);
  const forbidden = new Set(named(flavor.extra_specs, FORBIDDEN));
  if (required.some((trait) => forbidden.has(trait)))
    return 'Image traits are part of forbidden traits in flavor associated with the server. Either specify a different image during rebuild or create a new server with the specified image and a compatible flavor.';
  if (required.some((trait) => !present.has(trait)))
    return 'Image traits cannot be satisfied by the current resource providers. Either specify a different image during rebuild or create a new server with the specified image.';
  return undefined;
}
