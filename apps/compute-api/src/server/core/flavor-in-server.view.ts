import type { Flavor } from '@kilonova/compute-objects';
import { bookmark, type LinkBase } from '../../common/links.js';
import { Since } from '../../common/model/microversion.js';

/** A server's flavor: a link up to 2.46, then a copy as it was when the server got it. */
export function flavorInServer(flavor: Flavor, version: number, base: LinkBase, extraSpecs: boolean): Record<string, unknown> {
  if (version < Since.embeddedFlavor) return { id: flavor.flavorid, links: [bookmark(base, 'flavors', flavor.flavorid)] };
  return {
    vcpus: flavor.vcpus,
    ram: flavor.memory_mb,
    disk: flavor.root_gb,
    ephemeral: flavor.ephemeral_gb,
    swap: flavor.swap,
    original_name: flavor.name,
    ...(extraSpecs ? { extra_specs: flavor.extra_specs } : {}),
  };
}
