import type { HostState } from '../host-state.js';
import { matchesExtraSpec } from './extra-spec-operator.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

const SCOPE = 'capabilities:';

const factOf = (host: HostState, key: string): string | undefined => {
  const known: Record<string, string> = {
    hypervisor_type: host.facts.hypervisorType,
    hypervisor_version: String(host.facts.hypervisorVersion),
    cpu_info: host.facts.cpuInfo,
    host: host.facts.host,
    nodename: host.facts.nodename,
  };
  return known[key] ?? host.facts.stats[key];
};

/** Compares flavor keys (`capabilities:x`, or unscoped ones that a host reports) with what the hypervisor says of itself. */
export const computeCapabilitiesFilter: HostFilter = {
  name: 'ComputeCapabilitiesFilter',
  oncePerRun: true,
  check(host, spec) {
    for (const [key, requirement] of Object.entries(spec.flavor.extra_specs)) {
      const scoped = key.startsWith(SCOPE);
      if (!scoped && key.includes(':')) continue;
      const name = scoped ? key.slice(SCOPE.length) : key;
      const have = factOf(host, name);
      if (have === undefined && !scoped) continue;
      if (have === undefined) return reject(`the host reports no ${name}`);
      if (!matchesExtraSpec(have, requirement)) return reject(`${name} is ${have}, wanted ${requirement}`);
    }
    return PASS;
  },
};
