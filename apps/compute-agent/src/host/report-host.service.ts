import { randomUUID } from 'node:crypto';
import { type ComputeNodeReport, messages, type ServiceInfo } from '@kilonova/compute-objects';
import { NotificationEmitter, serviceChanged } from '@kilonova/notifications';
import { PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import type { ProviderReport } from '@kilonova/virt';
import { Injectable } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { nodeUsage } from '../model/node-usage.js';
import { type HostAllocationOptions, providerReport } from '../model/provider-report.js';
import { bothWritten, wantedTree, writtenBy } from '../model/wanted-tree.js';
import type { ManagedHost } from './managed-host.js';
import { WrittenTrees } from './written-trees.js';

/** Service version of this release; the least over all agents gates what the API may ask of them. */
const SERVICE_VERSION = 1;

export abstract class ReportOptions {
  /** The address that hypervisor listings show. */
  abstract readonly hostIp: string;
  abstract readonly allocation: HostAllocationOptions;
}

/** Tells cell and placement what a host is: service row, compute nodes, provider tree. Writes to placement only differences. */
@Injectable()
export class ReportHost {
  constructor(
    private readonly conductor: CellConductor,
    private readonly placement: PlacementClient,
    private readonly emitter: NotificationEmitter,
    private readonly written: WrittenTrees,
    private readonly options: ReportOptions,
  ) {}

  /** Registers service and nodes with the cell; tells of a service seen for the first time. */
  async toCell(ctx: Ctx, host: ManagedHost): Promise<ServiceInfo> {
    const service = await this.conductor.call(ctx, messages.reportHost, {
      host: host.host,
      binary: 'nova-compute',
      topic: 'compute',
      version: SERVICE_VERSION,
      nodes: host.driver.nodes().map((node) => this.#node(host, node)),
    });
    host.disabled = service.disabled;
    if (service.report_count === 0) await serviceChanged(this.emitter, ctx, 'create', service);
    return service;
  }

  /** Brings the provider trees in line with what the driver reports. */
  async toPlacement(ctx: Ctx, host: ManagedHost): Promise<void> {
    for (const node of host.driver.nodes()) {
      const uuid = host.nodeUuids.get(node);
      if (uuid === undefined) throw new Error(`node ${node} of ${host.host} has no uuid`);
      const report = providerReport(host.driver.providerTree(node), this.options.allocation, host.disabled);
      await this.#sync(ctx, node, uuid, report);
    }
  }

  /** What is ours is remembered before it is written, and what is not any more until it is gone. */
  async #sync(ctx: Ctx, node: string, nodeUuid: string, report: readonly ProviderReport[]): Promise<void> {
    const [before, after] = [await this.written.of(node), writtenBy(report)];
    const written = bothWritten(before, after);
    await this.written.remember(node, written);
    await this.placement.syncTree(ctx, nodeUuid, (present) =>
      wantedTree({ nodeUuid, present, written: before }, report, randomUUID),
    );
    await this.written.remember(node, after);
  }

  #node(host: ManagedHost, node: string): ComputeNodeReport {
    const facts = host.driver.nodeFacts(node);
    const instances = [...host.instances.values()].filter((instance) => instance.node === node);
    const usage = nodeUsage(instances, this.options.allocation.reservedHostMemoryMb);
    const uptime = host.driver.uptime();
    return {
      ...facts,
      uuid: host.nodeUuids.get(node) ?? '',
      hypervisor_hostname: node,
      host_ip: this.options.hostIp,
      vcpus_used: usage.vcpus,
      memory_mb_used: usage.memoryMb,
      local_gb_used: usage.localGb,
      running_vms: usage.runningVms,
      current_workload: usage.workload,
      cpu_allocation_ratio: this.options.allocation.cpuAllocationRatio,
      ram_allocation_ratio: this.options.allocation.ramAllocationRatio,
      disk_allocation_ratio: this.options.allocation.diskAllocationRatio,
      stats: {
        failed_builds: String(host.failedBuilds),
        num_instances: String(instances.length),
        io_workload: String(usage.workload),
        ...(uptime === undefined ? {} : { uptime }),
      },
    };
  }
}
