import type { PlacementClient, TreeProvider } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import type { ProviderReport } from '@kilonova/virt';
import { AgentPlacement } from './placement.port.js';

const DEFAULT_RATIO = 1;

/** The agent's side of the placement client. */
export class PlacementAdapter extends AgentPlacement {
  constructor(private readonly client: PlacementClient) {
    super();
  }

  syncTree(ctx: Ctx, nodeUuid: string, providers: readonly ProviderReport[], owned: (trait: string) => boolean): Promise<void> {
    return this.client.trees.sync(ctx, nodeUuid, (present) => wantedTree(nodeUuid, present, providers, owned));
  }

  release(ctx: Ctx, instanceUuid: string): Promise<void> {
    return this.client.allocations.release(ctx, instanceUuid);
  }
}

/** The tree as reported: uuids by name where placement knows them, traits of others kept. Only the root can be new here. */
export function wantedTree(
  nodeUuid: string,
  present: readonly TreeProvider[],
  reports: readonly ProviderReport[],
  owned: (trait: string) => boolean,
): readonly TreeProvider[] {
  const known = new Map(present.map((provider) => [provider.name, provider]));
  const uuidOf = (report: ProviderReport): string =>
    report.parent === null ? nodeUuid : (known.get(report.name)?.uuid ?? crypto.randomUUID());
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
