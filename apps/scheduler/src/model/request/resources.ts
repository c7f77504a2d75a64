import type { RequestSpec } from '@kilonova/compute-objects';
import { cpuResources, specialResources } from './cpu-resources.js';
import { hardwareTraits } from './hardware-traits.js';

/** One group of what placement is asked for; suffix '' is the group that may be spread over a tree. */
export interface ResourceGroup {
  readonly suffix: string;
  readonly resources: Readonly<Record<string, number>>;
  readonly required: readonly string[];
  readonly forbidden: readonly string[];
}

const RESOURCE_KEY = /^resources(?<suffix>[a-zA-Z0-9_-]{1,64})?:(?<name>[A-Z0-9_]+)$/;
const TRAIT_KEY = /^trait(?<suffix>[a-zA-Z0-9_-]{1,64})?:(?<name>[A-Z0-9_]+)$/;

/** An extension: upstream's flavors have no word for it. Several keys that begin so are several conditions. */
const SUBTREE_KEY = /^same_subtree[a-zA-Z0-9_-]{0,64}$/;

interface MutableGroup {
  resources: Record<string, number>;
  required: Set<string>;
  forbidden: Set<string>;
}

/** What a flavor takes by itself. Root disk counts unless the server boots from a volume; swap is MiB, rounded up to GiB. */
function flavorResources(spec: RequestSpec): Record<string, number> {
  const { flavor } = spec;
  const disk = (spec.is_bfv ? 0 : flavor.root_gb) + flavor.ephemeral_gb + Math.ceil(flavor.swap / 1024);
  return { ...cpuResources(spec), MEMORY_MB: flavor.memory_mb, DISK_GB: disk, ...specialResources(spec) };
}

function applyExtraSpec(groups: Map<string, MutableGroup>, key: string, value: string): void {
  const match = RESOURCE_KEY.exec(key) ?? TRAIT_KEY.exec(key);
  const name = match?.groups?.['name'];
  if (match === null || name === undefined) return;
  const suffix = match.groups?.['suffix'] ?? '';
  const group = groups.get(suffix) ?? { resources: {}, required: new Set<string>(), forbidden: new Set<string>() };
  groups.set(suffix, group);
  if (key.startsWith('resources')) group.resources[name] = Number(value);
  else if (value === 'required') group.required.add(name);
  else if (value === 'forbidden') group.forbidden.add(name);
}

/** Image properties `trait:X=required` join the group without a suffix. */
function imageTraits(spec: RequestSpec): readonly string[] {
  return Object.entries(spec.image?.properties ?? {}).flatMap(([key, value]) => {
    const name = TRAIT_KEY.exec(key)?.groups?.['name'];
    return name !== undefined && value === 'required' ? [name] : [];
  });
}

/** Suffixes of groups, comma-separated, whose providers are to be in one subtree: one of them is above all others. */
export const sameSubtrees = ({ flavor }: RequestSpec): readonly string[] =>
  Object.entries(flavor.extra_specs)
    .filter(([key]) => SUBTREE_KEY.test(key))
    .map(([, suffixes]) => suffixes.replace(/\s/g, ''));

const withoutZeros = (resources: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(resources).filter(([, amount]) => amount > 0));

/**
 * Translates flavor and image into resource groups: the flavor's own sizes, overridden by `resources:X` (0 removes),
 * suffixed groups from `resourcesN:`/`traitN:`, what `hw:*` and `hw_*` stand for, traits of the image. The flavor's own CPUs are
 * left out where VCPU or PCPU is asked for by name.
 */
export function resourceGroups(spec: RequestSpec): readonly ResourceGroup[] {
  const { required, forbidden } = hardwareTraits(spec);
  const groups = new Map<string, MutableGroup>([
    [
      '',
      { resources: flavorResources(spec), required: new Set([...imageTraits(spec), ...required]), forbidden: new Set(forbidden) },
    ],
  ]);
  for (const [key, value] of Object.entries(spec.flavor.extra_specs)) applyExtraSpec(groups, key, value);
  const own = groups.get('');
  const specs = Object.keys(spec.flavor.extra_specs);
  const asks = (name: string): boolean => specs.some((key) => RESOURCE_KEY.exec(key)?.groups?.['name'] === name);
  const isOverridden = (name: string): boolean => specs.includes(`resources:${name}`);
  if (own !== undefined && (asks('VCPU') || asks('PCPU')))
    for (const name of ['VCPU', 'PCPU']) if (!isOverridden(name)) delete own.resources[name];
  return [...groups].map(([suffix, group]) => ({
    suffix,
    resources: withoutZeros(group.resources),
    required: [...group.required],
    forbidden: [...group.forbidden],
  }));
}
