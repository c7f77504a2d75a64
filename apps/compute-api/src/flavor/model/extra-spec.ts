// Which extra specs are known. Since 2.86 a key of a known namespace has to be one of that namespace's, with a value of
// its type; other namespaces and keys without one are nobody's business but the operator's.

type ValueType = 'boolean' | 'integer' | 'text' | readonly string[] | RegExp;

interface KnownSpec {
  /** Of the part after the namespace. */
  readonly key: RegExp;
  readonly value: ValueType;
}

const BOOLEAN = /^(1|t|true|on|y|yes|0|f|false|off|n|no)$/i;
const spec = (key: string, value: ValueType): KnownSpec => ({ key: new RegExp(`^${key}$`), value });

/** `hw:cpu_policy` → namespace `hw`, rest `cpu_policy`; `resources1:VCPU` → `resources`, `VCPU`. */
const KNOWN: Readonly<Record<string, readonly KnownSpec[]>> = {
  accel: [spec('device_profile', 'text')],
  aggregate_instance_extra_specs: [spec('.+', 'text')],
  capabilities: [spec('.+', 'text')],
  hw: [
    spec('boot_menu', 'boolean'),
    spec('cpu_cores', 'integer'),
    spec('cpu_max_cores', 'integer'),
    spec('cpu_max_sockets', 'integer'),
    spec('cpu_max_threads', 'integer'),
    spec('cpu_sockets', 'integer'),
    spec('cpu_threads', 'integer'),
    spec('cpu_dedicated_mask', /^\^?\d+(-\d+)?(,\^?\d+(-\d+)?)*$/),
    spec('cpu_policy', ['dedicated', 'shared', 'mixed']),
    spec('cpu_realtime', 'boolean'),
    spec('cpu_realtime_mask', /^\^?\d+(-\d+)?(,\^?\d+(-\d+)?)*$/),
    spec('cpu_thread_policy', ['prefer', 'isolate', 'require']),
    spec('emulator_threads_policy', ['isolate', 'share']),
    spec('hide_hypervisor_id', 'boolean'),
    spec('locked_memory', 'boolean'),
    spec('mem_encryption', 'boolean'),
    spec('pmu', 'boolean'),
    spec('maxphysaddr_bits', 'integer'),
    spec('maxphysaddr_mode', ['passthrough', 'emulate']),
    spec('mem_encryption_model', ['amd-sev', 'amd-sev-es']),
    spec('mem_page_size', /^(large|small|any|\d+([KMGT]i?B|[KMGT]b?)?)$/i),
    spec('numa_cpus\\.\\d+', /^\^?\d+(-\d+)?(,\^?\d+(-\d+)?)*$/),
    spec('numa_mem\\.\\d+', 'integer'),
    spec('numa_nodes', 'integer'),
    spec('pci_numa_affinity_policy', ['required', 'preferred', 'legacy', 'socket']),
    spec('pmem', 'text'),
    spec('serial_port_count', 'integer'),
    spec('sound_model', 'text'),
    spec('usb_model', 'text'),
    spec('tpm_model', ['tpm-tis', 'tpm-crb']),
    spec('tpm_version', ['1.2', '2.0']),
    spec('tpm_secret_security', ['user', 'host', 'deployment']),
    spec('vif_multiqueue_enabled', 'boolean'),
    spec('viommu_model', ['intel', 'smmuv3', 'virtio', 'auto']),
    spec('virtio_packed_ring', 'boolean'),
    spec('watchdog_action', ['none', 'pause', 'poweroff', 'reset', 'disabled']),
    spec('redirected_usb_ports', 'integer'),
  ],
  hw_rng: [spec('allowed', 'boolean'), spec('rate_bytes', 'integer'), spec('rate_period', 'integer')],
  hw_video: [spec('ram_max_mb', 'integer')],
  os: [spec('secure_boot', ['disabled', 'required']), spec('require_vtpm', 'boolean')],
  pci_passthrough: [spec('alias', /^[^:]+:\d+(,[^:]+:\d+)*$/)],
  powervm: [spec('.+', 'text')],
  quota: [
    spec('(cpu_limit|cpu_period|cpu_quota|cpu_reservation|cpu_shares|cpu_shares_share)', 'integer'),
    spec('cpu_shares_level', ['low', 'normal', 'high', 'custom']),
    spec('disk_io_(limit|reservation|shares_share)', 'integer'),
    spec('disk_io_shares_level', ['low', 'normal', 'high', 'custom']),
    spec('disk_(read|write|total)_(bytes|iops)_sec(_max)?(_length)?', 'integer'),
    spec('memory_(limit|reservation|shares_share)', 'integer'),
    spec('memory_shares_level', ['low', 'normal', 'high', 'custom']),
    spec('vif_(inbound|outbound)_(average|peak|burst)', 'integer'),
    spec('vif_(limit|reservation|shares_share)', 'integer'),
    spec('vif_shares_level', ['low', 'normal', 'high', 'custom']),
  ],
  resources: [spec('([A-Z0-9_]+)', 'integer')],
  trait: [spec('[A-Z0-9_]+', ['required', 'forbidden'])],
  vmware: [spec('.+', 'text')],
};

/** Namespaces that stand for a group of a request: a suffix may follow. */
const NUMBERED = /^(resources|trait)([a-zA-Z0-9_-]{1,64})$/;

function fits(type: ValueType, value: string): boolean {
  if (type === 'text') return true;
  if (type === 'boolean') return BOOLEAN.test(value);
  if (type === 'integer') return /^-?\d+$/.test(value);
  return type instanceof RegExp ? type.test(value) : type.includes(value);
}

function faultOf(name: string, value: string): string | undefined {
  const colon = name.indexOf(':');
  if (colon < 0) return undefined;
  const prefix = name.slice(0, colon);
  const namespace = NUMBERED.exec(prefix)?.[1] ?? prefix;
  const known = Object.hasOwn(KNOWN, namespace) ? KNOWN[namespace] : undefined;
  if (known === undefined) return undefined;
  const match = known.find((candidate) => candidate.key.test(name.slice(colon + 1)));
  if (match === undefined) return `Validation failed; extra spec '${name}' does not appear to be a valid extra spec.`;
  return fits(match.value, value) ? undefined : `Validation failed; '${value}' is not a valid value for extra spec '${name}'.`;
}

/** What is wrong with the first faulty extra spec; undefined when all are fine. */
export function extraSpecFault(specs: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(specs)) {
    const fault = faultOf(name, value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
