/** Inventory of one class on one provider, as placement keeps it. */
export interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly min_unit: number;
  readonly max_unit: number;
  readonly step_size: number;
  readonly allocation_ratio: number;
}

/** One provider of a tree. `generation` is undefined for one that placement does not have yet. */
export interface TreeProvider {
  readonly uuid: string;
  readonly name: string;
  readonly parent: string | null;
  readonly generation: number | undefined;
  readonly inventories: Readonly<Record<string, Inventory>>;
  readonly traits: ReadonlySet<string>;
}

/** What has to be written to turn one tree into another, in the order in which it must be done. */
export type TreeChange =
  | { readonly kind: 'create'; readonly provider: TreeProvider }
  | { readonly kind: 'inventories'; readonly uuid: string; readonly inventories: TreeProvider['inventories'] }
  | { readonly kind: 'traits'; readonly uuid: string; readonly traits: ReadonlySet<string> }
  | { readonly kind: 'delete'; readonly uuid: string };

const depth = (tree: ReadonlyMap<string, TreeProvider>, provider: TreeProvider): number => {
  const parent = provider.parent === null ? undefined : tree.get(provider.parent);
  return parent === undefined ? 0 : 1 + depth(tree, parent);
};

const sameInventory = (a: Inventory, b: Inventory): boolean =>
  a.total === b.total &&
  a.reserved === b.reserved &&
  a.min_unit === b.min_unit &&
  a.max_unit === b.max_unit &&
  a.step_size === b.step_size &&
  Math.abs(a.allocation_ratio - b.allocation_ratio) < 1e-6;

const sameInventories = (a: TreeProvider['inventories'], b: TreeProvider['inventories']): boolean => {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [mine, other] = [a[name], b[name]];
      return mine !== undefined && other !== undefined && sameInventory(mine, other);
    })
  );
};

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((item) => b.has(item));

const byUuid = (providers: readonly TreeProvider[]): ReadonlyMap<string, TreeProvider> =>
  new Map(providers.map((provider) => [provider.uuid, provider]));

/**
 * The writes that turn what placement has into what is wanted: parents are created before children, children deleted
 * before parents, and where nothing differs nothing is written.
 */
export function treeChanges(have: readonly TreeProvider[], want: readonly TreeProvider[]): readonly TreeChange[] {
  const [old, wanted] = [byUuid(have), byUuid(want)];
  const downwards = [...want].sort((a, b) => depth(wanted, a) - depth(wanted, b));
  const upwards = [...have].sort((a, b) => depth(old, b) - depth(old, a));
  const changes: TreeChange[] = [];
  for (const provider of downwards) {
    const known = old.get(provider.uuid);
    if (known === undefined) changes.push({ kind: 'create', provider });
    if (!sameInventories(known?.inventories ?? {}, provider.inventories))
      changes.push({ kind: 'inventories', uuid: provider.uuid, inventories: provider.inventories });
    if (!sameSet(known?.traits ?? new Set(), provider.traits))
      changes.push({ kind: 'traits', uuid: provider.uuid, traits: provider.traits });
  }
  for (const provider of upwards) if (!wanted.has(provider.uuid)) changes.push({ kind: 'delete', uuid: provider.uuid });
  return changes;
}
