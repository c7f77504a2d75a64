import type { Flavor } from '@kilonova/compute-objects';
import { type ApiRequest, pythonFloat } from '@kilonova/http';
import { linkBase, links } from '../common/links.js';
import { Since } from '../common/model/microversion.js';

/** A flavor in the short list: since 2.55 with its description. */
export const flavorSummary = (request: ApiRequest, flavor: Flavor): Record<string, unknown> => ({
  id: flavor.flavorid,
  name: flavor.name,
  links: links(linkBase(request), 'flavors', flavor.flavorid),
  ...(request.version >= Since.flavorDescription ? { description: flavor.description } : {}),
});

/** A flavor in full. Extra specs are shown since 2.61, to those who may see them. */
export function flavorDetail(request: ApiRequest, flavor: Flavor): Record<string, unknown> {
  const showsSpecs = request.version >= Since.flavorExtraSpecs && request.allows('os_compute_api:os-flavor-extra-specs:index');
  return {
    id: flavor.flavorid,
    name: flavor.name,
    ram: flavor.memory_mb,
    disk: flavor.root_gb,
    swap: flavor.swap === 0 && request.version < Since.strictQueries ? '' : flavor.swap,
    'OS-FLV-EXT-DATA:ephemeral': flavor.ephemeral_gb,
    ...(request.version >= Since.leanFlavors ? {} : { 'OS-FLV-DISABLED:disabled': flavor.disabled }),
    vcpus: flavor.vcpus,
    'os-flavor-access:is_public': flavor.is_public,
    ...(request.version >= Since.leanFlavors ? {} : { rxtx_factor: pythonFloat(flavor.rxtx_factor) }),
    links: links(linkBase(request), 'flavors', flavor.flavorid),
    ...(request.version >= Since.flavorDescription ? { description: flavor.description } : {}),
    ...(showsSpecs ? { extra_specs: flavor.extra_specs } : {}),
  };
}
