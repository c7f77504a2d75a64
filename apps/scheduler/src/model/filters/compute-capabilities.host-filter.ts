import type { HostState } from '../host-state.js';
import { matchesExtraSpec } from './extra-spec-operator.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

const SCOPE = 'capabilities:';

/** `cpu_info:topology:cores` goes on within a text that is JSON. */
function within(text: string | undefined, path: readonly string[]): string | undefined {
  let value: unknown = text;
  for (const step of path) {
    if (typeof value === 'string') value = parsed(value);
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const factOf = (host: HostState, name: string): string | undefined => {
  const known: Record<string, string> = {
    hypervisor_type: host.facts.hypervisorType,
    hypervisor_version: String(host.facts.hypervisorVersion),
    cpu_info: host.facts.cpuInfo,
    host: host.facts.host,
    nodename: host.facts.nodename,
    host_ip: host.facts.hostIp,
  };
  const [first = '', ...path] = name.split(':');
  return within(known[first] ?? host.facts.stats[first], path);
};

/** Compares flavor keys (`capabilities:x`, or unscoped ones that a host reports) with what the hypervisor says of itself. */
export const computeCapabilitiesFilter: HostFilter = {
  name: 'ComputeCapabilitiesFilter',
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
