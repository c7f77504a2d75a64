import type { TreeProvider } from '@kilonova/placement-client';
import type { ProviderReport } from '@kilonova/virt';
import { isAgentTrait, OWNER_TRAIT } from './provider-report.js';

const DEFAULT_RATIO = 1;

/** What this agent wrote of a node's tree: provider name → the resource classes and traits that it gave it. */
export type WrittenTree = Readonly<Record<string, { readonly classes: readonly string[]; readonly traits: readonly string[] }>>;

/** What a report will have written, once it is in placement. */
export const writtenBy = (reports: readonly ProviderReport[]): WrittenTree =>
  Object.fromEntries(reports.map(({ name, inventories, traits }) => [name, { classes: Object.keys(inventories), traits }]));

/** All that either of the two names. */
export function bothWritten(a: WrittenTree, b: WrittenTree): WrittenTree {
  const union = (name: string, what: 'classes' | 'traits'): string[] => [
    ...new Set([...(a[name]?.[what] ?? []), ...(b[name]?.[what] ?? [])]),
  ];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, { classes: union(name, 'classes'), traits: union(name, 'traits') }]));
}

/** Where a node's tree is in placement, and what of it is this agent's. */
export interface NodeTree {
  readonly nodeUuid: string;
  readonly present: readonly TreeProvider[];
  readonly written: WrittenTree;
}

/**
 * The tree as it has to become: what is reported, and what others made of it beside: their providers, their classes and
 * traits on ours. A child provider is ours when we remember it or when it carries the owner trait, which each child of
 * ours gets.
 * @param newUuid for children that placement does not know yet
 */
export function wantedTree(
  { nodeUuid, present, written }: NodeTree,
  reports: readonly ProviderReport[],
  newUuid: () => string,
): readonly TreeProvider[] {
  const known = new Map(present.map((provider) => [provider.uuid === nodeUuid ? rootName(reports) : provider.name, provider]));
  const uuids = new Map(
    reports.map(({ name, parent }) => [name, parent === null ? nodeUuid : (known.get(name)?.uuid ?? newUuid())]),
  );
  const ours = reports.map((report): TreeProvider => {
    const before = known.get(report.name);
    return {
      uuid: uuids.get(report.name) ?? nodeUuid,
      name: report.name,
      parent: report.parent === null ? null : (uuids.get(report.parent) ?? nodeUuid),
      generation: before?.generation,
      inventories: inventoriesOf(report, before, written[report.name]?.classes ?? []),
      traits: traitsOf(report, before, written[report.name]?.traits ?? []),
    };
  });
  const taken = new Set(ours.map((provider) => provider.uuid));
  const isOurs = (provider: TreeProvider): boolean => provider.name in written || provider.traits.has(OWNER_TRAIT);
  return [...ours, ...present.filter((provider) => !taken.has(provider.uuid) && !isOurs(provider))];
}

const rootName = (reports: readonly ProviderReport[]): string => reports.find((report) => report.parent === null)?.name ?? '';

function inventoriesOf(
  report: ProviderReport,
  before: TreeProvider | undefined,
  written: readonly string[],
): TreeProvider['inventories'] {
  const others = Object.entries(before?.inventories ?? {}).filter(([name]) => !written.includes(name));
  const own = Object.entries(report.inventories).map(([name, inventory]) => {
    const ratio = inventory.allocation_ratio ?? before?.inventories[name]?.allocation_ratio ?? DEFAULT_RATIO;
    return [name, { ...inventory, allocation_ratio: ratio }] as const;
  });
  return Object.fromEntries([...others, ...own]);
}

function traitsOf(report: ProviderReport, before: TreeProvider | undefined, written: readonly string[]): ReadonlySet<string> {
  const others = [...(before?.traits ?? [])].filter((trait) => !isAgentTrait(trait) && !written.includes(trait));
  return new Set([...others, ...report.traits, OWNER_TRAIT]);
}
