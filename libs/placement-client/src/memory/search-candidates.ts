import type { Candidates } from '../candidates.client.js';
import type { Inventory, TreeProvider } from '../tree/provider-tree.js';

const capacityOf = (inventory: Inventory): number => (inventory.total - inventory.reserved) * inventory.allocation_ratio;

/** `VCPU:1,DISK_GB:5` → amounts by class. */
const amountsIn = (resources: string): Record<string, number> =>
  Object.fromEntries(resources.split(',').map((part) => [part.split(':')[0] ?? '', Number(part.split(':')[1])]));

/** Whether a provider has the traits of a list such as `A,!B`. */
const hasTraits = (provider: TreeProvider, list: string | null): boolean =>
  (list ?? '')
    .split(',')
    .filter((trait) => trait !== '')
    .every((trait) => (trait.startsWith('!') ? !provider.traits.has(trait.slice(1)) : provider.traits.has(trait)));

/**
 * The search for a request of one group without a suffix, over roots that have no children: `resources`, `required`,
 * `root_required`, `in_tree`, `limit`.
 */
export function searchCandidates(
  query: URLSearchParams,
  providers: readonly TreeProvider[],
  used: (provider: string, name: string) => number,
): Candidates {
  const resources = amountsIn(query.get('resources') ?? '');
  const tree = query.get('in_tree');
  const fitting = providers
    .filter((provider) => provider.parent === null && (tree === null || provider.uuid === tree))
    .filter((provider) => hasTraits(provider, query.get('required')) && hasTraits(provider, query.get('root_required')))
    .filter((provider) =>
      Object.entries(resources).every(([name, amount]) => {
        const inventory = provider.inventories[name];
        return inventory !== undefined && used(provider.uuid, name) + amount <= capacityOf(inventory);
      }),
    )
    .slice(0, Number(query.get('limit') ?? providers.length));
  return {
    allocation_requests: fitting.map(({ uuid }) => ({ allocations: { [uuid]: { resources } }, mappings: { '': [uuid] } })),
    provider_summaries: Object.fromEntries(
      fitting.map((provider) => [
        provider.uuid,
        {
          resources: Object.fromEntries(
            Object.entries(provider.inventories).map(([name, inventory]) => [
              name,
              { capacity: capacityOf(inventory), used: used(provider.uuid, name) },
            ]),
          ),
          traits: [...provider.traits],
          parent_provider_uuid: null,
          root_provider_uuid: provider.uuid,
        },
      ]),
    ),
  };
}
