import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { capabilityTraits, type ProviderReport, ReshapeNeeded } from '@kilonova/virt';
import { Injectable } from '@nestjs/common';
import { extendTree, type OperatorProvider } from '../model/operator-providers.js';
import { type NodeTree, ownTree } from '../model/own-tree.js';
import { type HostAllocationOptions, providerReport } from '../model/provider-report.js';
import { type ForeignReport, wantedTree } from '../model/wanted-tree.js';
import { bothWritten, type WrittenTree, writtenBy } from '../model/written-tree.js';
import type { ManagedHost } from './managed-host.js';
import { uuidOfName } from './node-identity.js';
import { ReshapeTree } from './reshape-tree.js';
import { WrittenTrees } from './written-trees.js';

export abstract class ProviderOptions {
  abstract readonly allocation: HostAllocationOptions;
  /** What operators add by file. */
  abstract readonly added: readonly OperatorProvider[];
}

/** Brings the provider trees of hosts in placement in line with what their drivers offer. Writes only differences. */
@Injectable()
export class SyncProviders {
  constructor(
    private readonly placement: PlacementClient,
    private readonly written: WrittenTrees,
    private readonly options: ProviderOptions,
  ) {}

  /**
   * Every node of a host.
   * @param mayReshape at the start of the agent alone: inventory that servers hold some of may move within a tree
   * @throws ReshapeNeeded where it would have to, and may not
   */
  async run(ctx: Ctx, host: ManagedHost, mayReshape: boolean): Promise<void> {
    for (const node of host.driver.nodes()) {
      try {
        await this.#sync(ctx, host, node);
      } catch (error) {
        if (!mayReshape || !(error instanceof ReshapeNeeded)) throw error;
        await this.#reshape(ctx, host, node);
        await this.#sync(ctx, host, node);
      }
    }
  }

  /** What is ours is remembered before it is written, and what is not any more until it is gone. */
  async #sync(ctx: Ctx, host: ManagedHost, node: string): Promise<void> {
    const nodeUuid = host.uuidOf(node);
    const before = await this.written.of(node);
    let planned: readonly ProviderReport[] = [];
    let after: WrittenTree = {};
    let uuids: ReadonlyMap<string, string> = new Map();
    await this.placement.syncTree(ctx, nodeUuid, async (present) => {
      const tree = { node, nodeUuid, present, written: before };
      const own = ownTree(tree);
      await host.driver.updateProviderTree(own, node);
      const { reports, foreign, added } = this.#finished(host, tree, own.reports());
      planned = reports;
      after = { ...writtenBy(reports, added), ...foreignOf(foreign) };
      await this.written.remember(node, bothWritten(before, after));
      const wanted = wantedTree(tree, ofTree(reports), (name) => childUuid(nodeUuid, name), foreign);
      uuids = new Map(wanted.map(({ uuid, name }) => [name, uuid]));
      return wanted;
    });
    await this.#shared(ctx, planned);
    await this.#aggregates(ctx, uuids, planned, before);
    host.devices.know(node, new Map([...uuids].map(([name, uuid]) => [uuid, name])));
    await this.written.remember(node, after);
  }

  #finished(host: ManagedHost, tree: NodeTree, reports: readonly ProviderReport[]) {
    const status = { capabilities: capabilityTraits(host.driver.capabilities()), isDisabled: host.disabled };
    return extendTree(tree, providerReport(reports, this.options.allocation, status), this.options.added);
  }

  #reshape(ctx: Ctx, host: ManagedHost, node: string): Promise<void> {
    const nodeUuid = host.uuidOf(node);
    const reshape = new ReshapeTree(this.placement, this.written, (tree, reports) => {
      const finished = this.#finished(host, tree, reports);
      return {
        ...finished,
        wanted: wantedTree(tree, ofTree(finished.reports), (name) => childUuid(nodeUuid, name), finished.foreign),
      };
    });
    return reshape.run(ctx, host.driver, node, nodeUuid);
  }

  /** Providers beside the tree are other hosts' too: whoever comes first makes them, and nobody removes them. */
  async #shared(ctx: Ctx, reports: readonly ProviderReport[]): Promise<void> {
    for (const report of reports.filter(({ isShared }) => isShared === true)) {
      const uuid = sharedUuid(report.name);
      const own = writtenBy([report]);
      await this.placement.syncTree(ctx, uuid, (present) =>
        wantedTree({ node: report.name, nodeUuid: uuid, present, written: own }, [report], () => uuid),
      );
    }
  }

  /** In the order of the report: a node is in an aggregate before it leaves the one that it was in. */
  async #aggregates(
    ctx: Ctx,
    uuids: ReadonlyMap<string, string>,
    reports: readonly ProviderReport[],
    before: WrittenTree,
  ): Promise<void> {
    for (const { name, aggregates = [], isShared } of reports) {
      const uuid = isShared === true ? sharedUuid(name) : uuids.get(name);
      if (uuid === undefined) continue;
      for (const aggregate of aggregates) await this.placement.setAggregate(ctx, uuid, aggregate, true);
      const left = (before[name]?.aggregates ?? []).filter((aggregate) => !aggregates.includes(aggregate));
      for (const aggregate of left) await this.placement.setAggregate(ctx, uuid, aggregate, false);
    }
  }
}

const ofTree = (reports: readonly ProviderReport[]): readonly ProviderReport[] =>
  reports.filter(({ isShared }) => isShared !== true);

/** Names of children and of shared providers are unique in a deployment, so their uuids follow from them. */
const childUuid = (nodeUuid: string, name: string): string => uuidOfName(`${nodeUuid}/${name}`);
const sharedUuid = (name: string): string => uuidOfName(`shared/${name}`);

const foreignOf = (foreign: readonly ForeignReport[]): WrittenTree =>
  Object.fromEntries(
    foreign.map(({ name, inventories, traits }) => [
      name,
      { classes: Object.keys(inventories), traits, isForeign: true as const },
    ]),
  );
