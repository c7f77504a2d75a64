import type { TreeProvider } from '@kilonova/placement-client';
import { type ProviderReport, ProviderTree } from '@kilonova/virt';
import { isAgentTrait, OWNER_TRAIT } from './provider-report.js';
import type { WrittenProvider, WrittenTree } from './written-tree.js';

/** Where a node's tree is in placement, and what of it is this agent's. */
export interface NodeTree {
  readonly node: string;
  readonly nodeUuid: string;
  readonly present: readonly TreeProvider[];
  readonly written: WrittenTree;
}

/** The root is known by its uuid, whatever somebody called it. */
export const nameIn = ({ node, nodeUuid }: NodeTree, provider: TreeProvider): string =>
  provider.uuid === nodeUuid ? node : provider.name;

/** A provider is ours when it is the root, when we remember that we made it, or when it carries the owner trait, which each of ours gets. */
export function isOurs({ nodeUuid, written }: NodeTree, { uuid, name, traits }: TreeProvider): boolean {
  if (uuid === nodeUuid) return true;
  const known = written[name];
  return known === undefined ? traits.has(OWNER_TRAIT) : known.isForeign !== true;
}

/** The part of a node's tree that a driver may change. */
export function ownTree(tree: NodeTree): ProviderTree {
  const { node, present, written } = tree;
  const ours = parentsFirst(present.filter((provider) => isOurs(tree, provider)));
  const names = new Map(present.map((provider) => [provider.uuid, nameIn(tree, provider)]));
  const reports = ours.map((provider): ProviderReport => {
    const name = nameIn(tree, provider);
    const known: WrittenProvider = written[name] ?? {
      classes: name === node ? [] : Object.keys(provider.inventories),
      traits: [],
    };
    const isDrivers = (what: string): boolean => known.added?.includes(what) !== true;
    return {
      name,
      parent: provider.parent === null ? null : (names.get(provider.parent) ?? node),
      inventories: pick(provider.inventories, known.classes.filter(isDrivers)),
      traits: known.traits.filter((trait) => provider.traits.has(trait) && !isAgentTrait(trait) && isDrivers(trait)),
      ...(known.aggregates === undefined ? {} : { aggregates: known.aggregates }),
    };
  });
  const seen = Object.fromEntries(ours.map((provider) => [nameIn(tree, provider), Object.keys(provider.inventories)]));
  return new ProviderTree(node, reports, seen);
}

const pick = (inventories: TreeProvider['inventories'], names: readonly string[]): TreeProvider['inventories'] =>
  Object.fromEntries(Object.entries(inventories).filter(([name]) => names.includes(name)));

/** Providers in an order in which they may be made. */
function parentsFirst(providers: readonly TreeProvider[]): readonly TreeProvider[] {
  const byUuid = new Map(providers.map((provider) => [provider.uuid, provider]));
  const depth = (provider: TreeProvider): number => {
    const parent = provider.parent === null ? undefined : byUuid.get(provider.parent);
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  return [...providers].sort((a, b) => depth(a) - depth(b));
}
