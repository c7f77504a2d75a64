import type { RequestSpec } from '@kilonova/compute-objects';
import { hardware, isTrue } from './hardware-traits.js';

/** Numbers in a set such as `0-3,^2,7`. */
function sizeOfCpuSet(text: string): number {
  const [kept, left] = [new Set<number>(), new Set<number>()];
  for (const part of text.split(',')) {
    const range = /^\s*(?<not>\^)?(?<from>\d+)(-(?<to>\d+))?\s*$/.exec(part)?.groups;
    if (range === undefined) continue;
    const into = range['not'] === undefined ? kept : left;
    for (let cpu = Number(range['from']); cpu <= Number(range['to'] ?? range['from']); cpu++) into.add(cpu);
  }
  return [...kept].filter((cpu) => !left.has(cpu)).length;
}

/** `^0-1` leaves CPUs of the guest shared, any other mask names the dedicated ones. */
function dedicatedOf(mask: string, vcpus: number): number {
  const isExclusion = mask.trim().startsWith('^');
  return isExclusion ? sizeOfCpuSet(`0-${vcpus - 1},${mask}`) : Math.min(vcpus, sizeOfCpuSet(mask));
}

/** A CPU of its own for the emulator's threads. */
const emulatorCpus = (spec: RequestSpec): number => (spec.flavor.extra_specs['hw:emulator_threads_policy'] === 'isolate' ? 1 : 0);

/** CPUs as placement counts them, by `cpu_policy`: all shared, all dedicated, or some of each. */
export function cpuResources(spec: RequestSpec): Record<string, number> {
  const { vcpus, extra_specs: specs } = spec.flavor;
  const policy = hardware(spec, 'cpu_policy');
  if (policy === 'dedicated') return { PCPU: vcpus + emulatorCpus(spec) };
  const mask =
    specs['hw:cpu_dedicated_mask'] ?? (isTrue(specs['hw:cpu_realtime']) ? hardware(spec, 'cpu_realtime_mask') : undefined);
  if (policy !== 'mixed' || mask === undefined) return { VCPU: vcpus };
  const dedicated = dedicatedOf(mask, vcpus);
  return { VCPU: vcpus - dedicated, PCPU: dedicated + emulatorCpus(spec) };
}

/** Memory encryption contexts, and namespaces of persistent memory by label. */
export function specialResources(spec: RequestSpec): Record<string, number> {
  const resources: Record<string, number> = isTrue(hardware(spec, 'mem_encryption')) ? { MEM_ENCRYPTION_CONTEXT: 1 } : {};
  for (const label of (spec.flavor.extra_specs['hw:pmem'] ?? '').split(',').map((part) => part.trim())) {
    if (label === '') continue;
    const name = `CUSTOM_PMEM_NAMESPACE_${label.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
    resources[name] = (resources[name] ?? 0) + 1;
  }
  return resources;
}
