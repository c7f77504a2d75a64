import { type HostFilter, PASS, reject } from './host-filter.js';

/**
 * Isolated images run on isolated hosts only, and (if restricted) nothing else runs there. A server that boots from a
 * volume has no image id: its image is not isolated.
 */
export const isolatedHostsFilter: HostFilter = {
  name: 'IsolatedHostsFilter',
  check(host, spec, { options }) {
    const { isolatedImages, isolatedHosts, restrictIsolatedHostsToIsolatedImages: isRestricted } = options;
    const isHostIsolated = isolatedHosts.includes(host.facts.host);
    const id = spec.image?.id ?? null;
    const isImageIsolated = id !== null && isolatedImages.includes(id);
    if (isImageIsolated && !isHostIsolated) return reject('the image is kept for isolated hosts');
    if (isHostIsolated && !isImageIsolated && isRestricted) return reject('the host is kept for isolated images');
    return PASS;
  },
};

/** Every host: for who wants no rule but placement's. */
export const allHostsFilter: HostFilter = { name: 'AllHostsFilter', check: () => PASS };
