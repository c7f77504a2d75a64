import { CAPABILITY_TRAITS, type InventoryReport, type ProviderReport } from '@kilonova/virt';

/** What the operator sets for a host: ratios and reserves. */
export interface HostAllocationOptions {
  readonly cpuAllocationRatio: number;
  readonly ramAllocationRatio: number;
  readonly diskAllocationRatio: number;
  readonly reservedHostCpus: number;
  readonly reservedHostMemoryMb: number;
  readonly reservedHostDiskMb: number;
}

/** What is true of a whole node, and goes on its root. */
export interface NodeStatus {
  readonly capabilities: readonly string[];
  readonly isDisabled: boolean;
}

const DISABLED_TRAIT = 'COMPUTE_STATUS_DISABLED';
export const OWNER_TRAIT = 'OWNER_NOVA';

/** Traits that an agent puts on and takes off by itself, remembered or not; others on the provider are left alone. */
export const isAgentTrait = (trait: string): boolean =>
  CAPABILITY_TRAITS.has(trait) || trait === OWNER_TRAIT || trait === DISABLED_TRAIT;

/** The host's own share is kept once in a tree: on the first provider that has the class. */
class Reserves {
  readonly #kept = new Set<string>();

  constructor(private readonly options: HostAllocationOptions) {}

  of(name: string, inventory: InventoryReport): InventoryReport {
    const { options } = this;
    if (name === 'VCPU') return this.#with(name, inventory, options.reservedHostCpus, options.cpuAllocationRatio);
    if (name === 'MEMORY_MB') return this.#with(name, inventory, options.reservedHostMemoryMb, options.ramAllocationRatio);
    if (name !== 'DISK_GB') return inventory;
    return this.#with(name, inventory, Math.ceil(options.reservedHostDiskMb / 1024), options.diskAllocationRatio);
  }

  #with(name: string, inventory: InventoryReport, amount: number, allocation_ratio: number): InventoryReport {
    const reserved = this.#kept.has(name) ? 0 : Math.min(amount, inventory.total);
    this.#kept.add(name);
    return { ...inventory, reserved, allocation_ratio };
  }
}

/** The driver's tree with the operator's ratios and reserves; capabilities and the service's status become traits of the root. */
export function providerReport(
  tree: readonly ProviderReport[],
  options: HostAllocationOptions,
  { capabilities, isDisabled }: NodeStatus,
): readonly ProviderReport[] {
  const reserves = new Reserves(options);
  return tree.map((provider) => {
    if (provider.isShared === true) return provider;
    const inventories = Object.fromEntries(
      Object.entries(provider.inventories).map(([name, inventory]) => [name, reserves.of(name, inventory)]),
    );
    if (provider.parent !== null) return { ...provider, inventories };
    const own = [...capabilities, OWNER_TRAIT, ...(isDisabled ? [DISABLED_TRAIT] : [])];
    return { ...provider, inventories, traits: [...new Set([...provider.traits, ...own])] };
  });
}
