import type { RequestSpec } from '@kilonova/compute-objects';

/** One group of what placement is asked for; suffix '' is the group that may be spread over a tree. */
export interface ResourceGroup {
  readonly suffix: string;
  readonly resources: Readonly<Record<string, number>>;
  readonly required: readonly string[];
  readonly forbidden: readonly string[];
}

const RESOURCE_KEY = /^resources(?<suffix>[a-zA-Z0-9_-]{1,64})?:(?<name>[A-Z0-9_]+)$/;
const TRAIT_KEY = /^trait(?<suffix>[a-zA-Z0-9_-]{1,64})?:(?<name>[A-Z0-9_]+)$/;

interface MutableGroup {
  resources: Record<string, number>;
  required: Set<string>;
  forbidden: Set<string>;
}

/** What a flavor takes by itself. Root disk counts unless the server boots from a volume; swap is MiB, rounded up to GiB. */
function flavorResources(spec: RequestSpec): Record<string, number> {
  const { flavor } = spec;
  const disk = (spec.is_bfv ? 0 : flavor.root_gb) + flavor.ephemeral_gb + Math.ceil(flavor.swap / 1024);
  return { VCPU: flavor.vcpus, MEMORY_MB: flavor.memory_mb, DISK_GB: disk };
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

const withoutZeros = (resources: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(resources).filter(([, amount]) => amount > 0));

/**
 * Translates flavor and image into resource groups: the flavor's own sizes, overridden by `resources:X` (0 removes),
 * suffixed groups from `resourcesN:`/`traitN:`, traits of the image. VCPU is left out where PCPU is asked for.
 */
export function resourceGroups(spec: RequestSpec): readonly ResourceGroup[] {
  const groups = new Map<string, MutableGroup>([
    ['', { resources: flavorResources(spec), required: new Set(imageTraits(spec)), forbidden: new Set() }],
  ]);
  for (const [key, value] of Object.entries(spec.flavor.extra_specs)) applyExtraSpec(groups, key, value);
  const own = groups.get('');
  const asksPcpu = [...groups.values()].some((group) => 'PCPU' in group.resources);
  const overridesVcpu = 'resources:VCPU' in spec.flavor.extra_specs;
  if (own !== undefined && asksPcpu && !overridesVcpu) delete own.resources['VCPU'];
  return [...groups].map(([suffix, group]) => ({
    suffix,
    resources: withoutZeros(group.resources),
    required: [...group.required],
    forbidden: [...group.forbidden],
  }));
}
