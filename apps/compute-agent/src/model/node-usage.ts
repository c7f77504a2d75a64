import type { Flavor, Instance } from '@kilonova/compute-objects';

/** What instances take of a node. MiB of memory, GiB of disk. */
export interface NodeUsage {
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly localGb: number;
  readonly runningVms: number;
  readonly workload: number;
}

/** Task states that count as work under way on a host. */
const WORKING = /^(scheduling|networking|block_device_mapping|spawning|resize_|rebuil|image_|migrating|unshelving|rescuing)/;

const disk = (flavor: Flavor): number => flavor.root_gb + flavor.ephemeral_gb;

/** Sums up flavors and states of a node's instances; the host's own reserve counts as used memory. */
export function nodeUsage(instances: Iterable<Instance>, reservedMemoryMb: number): NodeUsage {
  let usage = { vcpus: 0, memoryMb: reservedMemoryMb, localGb: 0, runningVms: 0, workload: 0 };
  for (const { flavor, vm_state, task_state } of instances) {
    usage = {
      vcpus: usage.vcpus + flavor.vcpus,
      memoryMb: usage.memoryMb + flavor.memory_mb,
      localGb: usage.localGb + disk(flavor),
      runningVms: usage.runningVms + (vm_state === 'deleted' ? 0 : 1),
      workload: usage.workload + (task_state !== null && WORKING.test(task_state) ? 1 : 0),
    };
  }
  return usage;
}
