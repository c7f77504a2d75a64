import { type ComputeNodeReport, messages, type ServiceInfo } from '@kilonova/compute-objects';
import { NotificationEmitter, serviceChanged } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { CellConductor } from '../cell/cell-conductor.client.js';
import { countImageProperties } from '../model/image-properties.js';
import { nodeUsage } from '../model/node-usage.js';
import type { HostAllocationOptions } from '../model/provider-report.js';
import type { ManagedHost } from './managed-host.js';
import { SyncProviders } from './sync-providers.service.js';

/** Service version of this release; the least over all agents gates what the API may ask of them. */
const SERVICE_VERSION = 1;

export abstract class ReportOptions {
  /** The address that hypervisor listings show. */
  abstract readonly hostIp: string;
  abstract readonly allocation: HostAllocationOptions;
}

/** Tells cell and placement what a host is: service row, compute nodes, provider tree. */
@Injectable()
export class ReportHost {
  constructor(
    private readonly conductor: CellConductor,
    private readonly providers: SyncProviders,
    private readonly emitter: NotificationEmitter,
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

  /** Brings the provider trees in line with what the driver offers; `mayReshape` at the agent's start alone. */
  toPlacement(ctx: Ctx, host: ManagedHost, mayReshape = false): Promise<void> {
    return this.providers.run(ctx, host, mayReshape);
  }

  #node(host: ManagedHost, node: string): ComputeNodeReport {
    const { hardware: _cells, ...facts } = host.driver.nodeFacts(node);
    const instances = [...host.instances.values()].filter((instance) => instance.node === node);
    const usage = nodeUsage(instances, this.options.allocation.reservedHostMemoryMb);
    const uptime = host.driver.uptime();
    return {
      ...facts,
      uuid: host.uuidOf(node),
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
        image_properties: JSON.stringify(countImageProperties(instances)),
        ...(uptime === undefined ? {} : { uptime }),
      },
      hardware: host.hardware.report(node, host.instances),
    };
  }
}
