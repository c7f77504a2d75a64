import { type HostFilter, PASS, reject } from './host-filter.js';

/** Takes hosts that support the image's architecture, hypervisor type and vm mode in one and the same combination. */
export const imagePropertiesFilter: HostFilter = {
  name: 'ImagePropertiesFilter',
  oncePerRun: true,
  check(host, spec) {
    const properties = spec.image?.properties ?? {};
    const wanted = [properties['hw_architecture'], properties['img_hv_type'], properties['hw_vm_mode']];
    if (wanted.every((value) => value === undefined)) return PASS;
    const fits = host.facts.supportedInstances.some((triple) =>
      wanted.every((value, index) => value === undefined || value.toLowerCase() === triple[index]),
    );
    return fits
      ? PASS
      : reject(`unsupported architecture, hypervisor type or vm mode: ${wanted.map((v) => v ?? 'any').join('/')}`);
  },
};
