/** Inventory of one resource class, in placement's terms. */
export interface InventoryReport {
  readonly total: number;
  readonly reserved: number;
  readonly min_unit: number;
  readonly max_unit: number;
  readonly step_size: number;
  /** Left out where the operator decides (VCPU, MEMORY_MB, DISK_GB): the agent fills in its configured ratio. */
  readonly allocation_ratio?: number | undefined;
}

/** Inventory that may be taken whole, in units of one. */
export const wholeInventory = (total: number): InventoryReport => ({
  total,
  reserved: 0,
  min_unit: 1,
  max_unit: total,
  step_size: 1,
});

/** One provider of a node's tree, as far as it is this agent's. The root's name is the node's; children name their parent. */
export interface ProviderReport {
  readonly name: string;
  readonly parent: string | null;
  readonly inventories: Readonly<Record<string, InventoryReport>>;
  readonly traits: readonly string[];
  /** Uuids of aggregates that it is in; left out: none by this agent's doing. */
  readonly aggregates?: readonly string[];
  /** Classes that are to go whoever gave them to the provider. */
  readonly withdrawn?: readonly string[];
  /** It stands beside the tree, and shares what it has with the members of its aggregates. */
  readonly isShared?: boolean;
}

/** What consumers hold of a tree: consumer → provider name → resource class → amount. A driver that moves inventory changes it. */
export type TreeAllocations = Map<string, Record<string, Record<string, number>>>;

/** The running servers hold what the driver wants elsewhere in the tree: only a start of the agent may move it. */
export class ReshapeNeeded extends Error {
  override readonly name = 'ReshapeNeeded';

  constructor(readonly node: string) {
    super(`The inventory of ${node} has to move within its provider tree: the agent has to be started anew.`);
  }
}

type Draft = { -readonly [K in keyof ProviderReport]: ProviderReport[K] };

/**
 * A node's provider tree as a driver may change it: a private copy of what this agent made in placement. Providers, classes
 * and traits of others are not in it, so they are out of its reach; of classes, what others gave to our own providers can be seen.
 */
export class ProviderTree {
  readonly #providers = new Map<string, Draft>();

  /**
   * @param root the node's name
   * @param present what this agent made before, parents first; without the root it is made empty
   * @param seen provider → all classes that it has in placement
   */
  constructor(
    readonly root: string,
    present: readonly ProviderReport[] = [],
    private readonly seen: Readonly<Record<string, readonly string[]>> = {},
  ) {
    this.#providers.set(root, { name: root, parent: null, inventories: {}, traits: [] });
    for (const provider of present) this.#providers.set(provider.name, { ...provider });
  }

  has(name: string): boolean {
    return this.#providers.has(name);
  }

  names(): readonly string[] {
    return [...this.#providers.keys()];
  }

  /** Whether the provider has the class in placement, whoever gave it. */
  isSeen(name: string, resourceClass: string): boolean {
    return this.seen[name]?.includes(resourceClass) === true || resourceClass in this.#get(name).inventories;
  }

  /** Makes a child; one that is there stays as it is. @throws TypeError when it is there under another parent, or has none */
  child(name: string, parent: string = this.root): void {
    if (!this.has(parent)) throw new TypeError(`provider ${name} has no parent ${parent}`);
    const known = this.#providers.get(name);
    if (known === undefined) this.#providers.set(name, { name, parent, inventories: {}, traits: [] });
    else if (known.parent !== parent) throw new TypeError(`provider ${name} is below ${known.parent}, not below ${parent}`);
  }

  /** Makes a provider beside the tree that shares with the members of its aggregates; one that is there stays as it is. */
  shared(name: string): void {
    if (!this.has(name)) this.#providers.set(name, { name, parent: null, inventories: {}, traits: [], isShared: true });
  }

  /** Takes a provider away with all below it; the root stays. */
  remove(name: string): void {
    if (name === this.root) throw new TypeError(`${name} is the root`);
    for (const { name: other, parent } of [...this.#providers.values()]) if (parent === name) this.remove(other);
    this.#providers.delete(name);
  }

  /** Leaves of the children and shared providers only those named. */
  keepOnly(names: readonly string[]): void {
    for (const name of this.names()) if (name !== this.root && !names.includes(name) && this.has(name)) this.remove(name);
  }

  /** All that the driver gives to a provider: classes that it gave before and does not name go. */
  setInventories(name: string, inventories: Readonly<Record<string, InventoryReport>>): void {
    this.#get(name).inventories = inventories;
  }

  /** Takes a class off a provider even if nobody remembers that it was this agent's. */
  withdraw(name: string, resourceClass: string): void {
    const provider = this.#get(name);
    const { [resourceClass]: _gone, ...rest } = provider.inventories;
    provider.inventories = rest;
    provider.withdrawn = [...(provider.withdrawn ?? []), resourceClass];
  }

  /** All traits that the driver gives to a provider: those that it gave before and does not name go. */
  setTraits(name: string, traits: readonly string[]): void {
    this.#get(name).traits = traits;
  }

  /** All aggregates that the driver puts a provider into. */
  setAggregates(name: string, aggregates: readonly string[]): void {
    this.#get(name).aggregates = aggregates;
  }

  /** The tree as it is now, parents first. */
  reports(): readonly ProviderReport[] {
    return [...this.#providers.values()].map((provider) => ({ ...provider }));
  }

  #get(name: string): Draft {
    const provider = this.#providers.get(name);
    if (provider === undefined) throw new TypeError(`there is no provider ${name}`);
    return provider;
  }
}
