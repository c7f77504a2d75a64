import type { TreeProvider } from '@kilonova/placement-client';
import type { ProviderReport } from '@kilonova/virt';
import { isOurs, type NodeTree, nameIn } from './own-tree.js';
import { isAgentTrait, OWNER_TRAIT } from './provider-report.js';

const DEFAULT_RATIO = 1;

/** What an operator has added to a provider of somebody else: it is merged into what the provider has. */
export type ForeignReport = Pick<ProviderReport, 'name' | 'inventories' | 'traits'>;

/**
 * The tree as it has to become: what is reported, and what others made of it beside: their providers, their classes and
 * traits on ours.
 * @param newUuid for a child of this name that placement does not know yet
 * @param foreign what is added to providers of others
 */
export function wantedTree(
  tree: NodeTree,
  reports: readonly ProviderReport[],
  newUuid: (name: string) => string,
  foreign: readonly ForeignReport[] = [],
): readonly TreeProvider[] {
  const { nodeUuid, present, written } = tree;
  const known = new Map(present.map((provider) => [nameIn(tree, provider), provider]));
  const uuids = new Map(
    reports.map(({ name, parent }) => [name, parent === null ? nodeUuid : (known.get(name)?.uuid ?? newUuid(name))]),
  );
  const ours = reports.map((report): TreeProvider => {
    const before = known.get(report.name);
    return {
      uuid: uuids.get(report.name) ?? nodeUuid,
      name: report.name,
      parent: report.parent === null ? null : (uuids.get(report.parent) ?? nodeUuid),
      generation: before?.generation,
      inventories: inventoriesOf(report, before, written[report.name]?.classes ?? []),
      traits: new Set([...traitsOf(report, before, written[report.name]?.traits ?? [], isAgentTrait), OWNER_TRAIT]),
    };
  });
  const taken = new Set(ours.map((provider) => provider.uuid));
  const others = present.filter((provider) => !taken.has(provider.uuid) && !isOurs(tree, provider));
  return [...ours, ...others.map((provider) => withAdditions(tree, provider, foreign))];
}

/** A provider of somebody else, with what the operator's files add to it now in place of what they added before. */
function withAdditions({ written }: NodeTree, provider: TreeProvider, foreign: readonly ForeignReport[]): TreeProvider {
  const known = written[provider.name];
  const addition = foreign.find(({ name }) => name === provider.name);
  if (known === undefined && addition === undefined) return provider;
  const report = addition ?? { name: provider.name, inventories: {}, traits: [] };
  return {
    ...provider,
    inventories: inventoriesOf(report, provider, known?.classes ?? []),
    traits: new Set(traitsOf(report, provider, known?.traits ?? [], () => false)),
  };
}

function inventoriesOf(
  { inventories, withdrawn = [] }: Pick<ProviderReport, 'inventories' | 'withdrawn'>,
  before: TreeProvider | undefined,
  written: readonly string[],
): TreeProvider['inventories'] {
  const isGone = (name: string): boolean => written.includes(name) || withdrawn.includes(name);
  const others = Object.entries(before?.inventories ?? {}).filter(([name]) => !isGone(name));
  const own = Object.entries(inventories).map(([name, inventory]) => {
    const ratio = inventory.allocation_ratio ?? before?.inventories[name]?.allocation_ratio ?? DEFAULT_RATIO;
    return [name, { ...inventory, allocation_ratio: ratio }] as const;
  });
  return Object.fromEntries([...others, ...own]);
}

function traitsOf(
  { traits }: Pick<ProviderReport, 'traits'>,
  before: TreeProvider | undefined,
  written: readonly string[],
  isOwn: (trait: string) => boolean,
): readonly string[] {
  const others = [...(before?.traits ?? [])].filter((trait) => !isOwn(trait) && !written.includes(trait));
  return [...others, ...traits];
}
