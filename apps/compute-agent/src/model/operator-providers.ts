import { conflict } from '@kilonova/util';
import type { ProviderReport } from '@kilonova/virt';
import { type NodeTree, nameIn } from './own-tree.js';
import type { ForeignReport } from './wanted-tree.js';

/** What an operator adds to providers by file. */
export interface OperatorProvider {
  /** `$COMPUTE_NODE`: every node that no other entry names. */
  readonly identification: { readonly uuid: string } | { readonly name: string };
  readonly inventories: ProviderReport['inventories'];
  readonly traits: readonly string[];
  /** The file that says so. */
  readonly source: string;
}

const EVERY_NODE = '$COMPUTE_NODE';

/** A tree with what operators add to it. */
export interface ExtendedTree {
  readonly reports: readonly ProviderReport[];
  /** What is added to providers of others. */
  readonly foreign: readonly ForeignReport[];
  /** Provider → classes and traits that the reports have of the operator. */
  readonly added: Readonly<Record<string, readonly string[]>>;
}

/** @throws AppError `conflict`, code `agent.provider_config.owned`, when a class is added that the driver reports of the provider */
export function extendTree(tree: NodeTree, reports: readonly ProviderReport[], added: readonly OperatorProvider[]): ExtendedTree {
  const names = new Map(tree.present.map((provider) => [provider.uuid, nameIn(tree, provider)]));
  names.set(tree.nodeUuid, tree.node);
  const targetOf = ({ identification }: OperatorProvider): string | undefined =>
    'name' in identification ? identification.name : names.get(identification.uuid.toLowerCase());
  const byName = new Map<string, OperatorProvider>();
  for (const entry of added) {
    const name = targetOf(entry);
    if (name !== undefined) byName.set(name, entry);
  }
  const forAll = added.find(({ identification }) => 'uuid' in identification && identification.uuid === EVERY_NODE);
  if (forAll !== undefined && !byName.has(tree.node)) byName.set(tree.node, forAll);
  const ours = new Set(reports.map(({ name }) => name));
  const theirs = tree.present.map((provider) => nameIn(tree, provider)).filter((name) => !ours.has(name));
  return {
    added: Object.fromEntries([...byName].map(([name, entry]) => [name, [...Object.keys(entry.inventories), ...entry.traits]])),
    reports: reports.map((report) => merged(report, byName.get(report.name))),
    foreign: theirs.flatMap((name) => {
      const entry = byName.get(name);
      return entry === undefined ? [] : [{ name, inventories: entry.inventories, traits: entry.traits }];
    }),
  };
}

function merged(report: ProviderReport, added: OperatorProvider | undefined): ProviderReport {
  if (added === undefined) return report;
  const owned = Object.keys(added.inventories).filter((name) => name in report.inventories);
  if (owned.length > 0) {
    const message = `${added.source} adds ${owned.join(', ')} to ${report.name}, which has it of its driver already.`;
    throw conflict('agent.provider_config.owned', message, { provider: report.name, classes: owned });
  }
  return {
    ...report,
    inventories: { ...report.inventories, ...added.inventories },
    traits: [...new Set([...report.traits, ...added.traits])],
  };
}
