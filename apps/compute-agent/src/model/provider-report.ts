import type { InventoryReport, ProviderReport } from '@kilonova/virt';

/** What the operator sets for a host: ratios (null: what placement has, or the initial value) and reserves. */
export interface HostAllocationOptions {
  readonly cpuAllocationRatio: number;
  readonly ramAllocationRatio: number;
  readonly diskAllocationRatio: number;
  readonly reservedHostCpus: number;
  readonly reservedHostMemoryMb: number;
  readonly reservedHostDiskMb: number;
}

const DISABLED_TRAIT = 'COMPUTE_STATUS_DISABLED';
export const OWNER_TRAIT = 'OWNER_NOVA';

/** Traits that an agent puts on and takes off by itself; others on the provider are left alone. */
export const isAgentTrait = (trait: string): boolean => trait.startsWith('COMPUTE_') || trait === OWNER_TRAIT;

const withOptions = (name: string, inventory: InventoryReport, options: HostAllocationOptions): InventoryReport => {
  if (name === 'VCPU') return { ...inventory, reserved: options.reservedHostCpus, allocation_ratio: options.cpuAllocationRatio };
  if (name === 'MEMORY_MB')
    return { ...inventory, reserved: options.reservedHostMemoryMb, allocation_ratio: options.ramAllocationRatio };
  if (name !== 'DISK_GB') return inventory;
  return { ...inventory, reserved: Math.ceil(options.reservedHostDiskMb / 1024), allocation_ratio: options.diskAllocationRatio };
};

/** The driver's tree with the operator's ratios and reserves, and the service's status as a trait on the root. */
export const providerReport = (
  tree: readonly ProviderReport[],
  options: HostAllocationOptions,
  disabled: boolean,
): readonly ProviderReport[] =>
  tree.map((provider) => ({
    ...provider,
    inventories: Object.fromEntries(
      Object.entries(provider.inventories).map(([name, inventory]) => [name, withOptions(name, inventory, options)]),
    ),
    traits: provider.parent === null ? [...provider.traits, OWNER_TRAIT, ...(disabled ? [DISABLED_TRAIT] : [])] : provider.traits,
  }));
