import type { RequestSpec } from '@kilonova/compute-objects';
import { type HostFilter, PASS, reject } from './host-filter.js';

type Holds = (order: number) => boolean;

const RELATIONS: Readonly<Record<string, Holds>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
};

/** `6001002` is how a hypervisor reports version 6.1.2. */
const partsOf = (version: number): readonly number[] => [
  Math.floor(version / 1_000_000),
  Math.floor(version / 1_000) % 1_000,
  version % 1_000,
];

function orderOf(version: number, wanted: string): number {
  const parts = wanted.split('.').map(Number);
  for (const [at, have] of partsOf(version).entries()) {
    const difference = have - (parts[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `>=6.0, <7`: every part has to hold. What cannot be read holds for no version. */
const versionHolds = (version: number, predicate: string): boolean =>
  predicate.split(',').every((part) => {
    const match = /^\s*(?<relation><=|>=|==|!=|<|>)\s*(?<version>\d+(\.\d+)*)\s*$/.exec(part);
    const relation = RELATIONS[match?.groups?.['relation'] ?? ''];
    return relation?.(orderOf(version, match?.groups?.['version'] ?? '')) === true;
  });

const wantedBy = (spec: RequestSpec, defaultArchitecture: string): ReadonlyArray<string | undefined> => {
  const properties = spec.image?.properties ?? {};
  const architecture = properties['hw_architecture'] ?? (defaultArchitecture === '' ? undefined : defaultArchitecture);
  return [architecture, properties['img_hv_type'], properties['hw_vm_mode']];
};

/**
 * Takes hosts that support the image's architecture, hypervisor type and vm mode in one and the same combination, with a
 * hypervisor of the version that it asks for (`img_hv_requested_version`).
 */
export const imagePropertiesFilter: HostFilter = {
  name: 'ImagePropertiesFilter',
  check(host, spec, { options }) {
    const version = spec.image?.properties['img_hv_requested_version'];
    if (version !== undefined && !versionHolds(host.facts.hypervisorVersion, version))
      return reject(`the hypervisor's version is ${partsOf(host.facts.hypervisorVersion).join('.')}, wanted ${version}`);
    const wanted = wantedBy(spec, options.imagePropertiesDefaultArchitecture);
    if (wanted.every((value) => value === undefined)) return PASS;
    const fits = host.facts.supportedInstances.some((triple) =>
      wanted.every((value, index) => value === undefined || value.toLowerCase() === triple[index]),
    );
    return fits
      ? PASS
      : reject(`unsupported architecture, hypervisor type or vm mode: ${wanted.map((v) => v ?? 'any').join('/')}`);
  },
};
