import type { TreeProvider } from '@kilonova/placement-client';
import type { ProviderReport } from '@kilonova/virt';

const DEFAULT_RATIO = 1;

/** The tree as reported: uuids by name where placement knows them, traits of others kept. Only the root can be new here. */
export function wantedTree(
  nodeUuid: string,
  present: readonly TreeProvider[],
  reports: readonly ProviderReport[],
  owned: (trait: string) => boolean,
  newUuid: () => string,
): readonly TreeProvider[] {
  const known = new Map(present.map((provider) => [provider.name, provider]));
  const uuidOf = (report: ProviderReport): string =>
    report.parent === null ? nodeUuid : (known.get(report.name)?.uuid ?? newUuid());
  const uuids = new Map(reports.map((report) => [report.name, uuidOf(report)]));
  return reports.map((report) => {
    const before = known.get(report.name);
    const foreign = [...(before?.traits ?? [])].filter((trait) => !owned(trait));
    return {
      uuid: uuids.get(report.name) ?? nodeUuid,
      name: report.name,
      parent: report.parent === null ? null : (uuids.get(report.parent) ?? nodeUuid),
      generation: before?.generation,
      inventories: Object.fromEntries(
        Object.entries(report.inventories).map(([name, inventory]) => [
          name,
          { ...inventory, allocation_ratio: inventory.allocation_ratio ?? DEFAULT_RATIO },
        ]),
      ),
      traits: new Set([...foreign, ...report.traits]),
    };
  });
}
