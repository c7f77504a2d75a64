import type { RequestSpec } from '@kilonova/compute-objects';
import { type HostFilter, PASS, reject, type SchedulingFacts } from './host-filter.js';

/** Hosts by the hint that names instances on them: looked up once a run, and asked about for every host. */
const named = new WeakMap<SchedulingFacts, Map<readonly string[], ReadonlySet<string>>>();

function hostsOfHint(spec: RequestSpec, hint: string, facts: SchedulingFacts): ReadonlySet<string> {
  const uuids = spec.scheduler_hints[hint];
  if (uuids === undefined) return NONE;
  const run = named.get(facts) ?? new Map<readonly string[], ReadonlySet<string>>();
  const hosts = run.get(uuids) ?? new Set(uuids.flatMap((uuid) => facts.hintHosts[uuid] ?? []));
  named.set(facts, run.set(uuids, hosts));
  return hosts;
}

const NONE: ReadonlySet<string> = new Set();

/** Hint `different_host`: not where any of these instances is. */
export const differentHostFilter: HostFilter = {
  name: 'DifferentHostFilter',
  check: (host, spec, facts) =>
    hostsOfHint(spec, 'different_host', facts).has(host.facts.host) ? reject('an instance to be kept apart is here') : PASS,
};

/** Hint `same_host`: where at least one of these instances is. */
export const sameHostFilter: HostFilter = {
  name: 'SameHostFilter',
  check(host, spec, facts) {
    if ((spec.scheduler_hints['same_host'] ?? []).length === 0) return PASS;
    return hostsOfHint(spec, 'same_host', facts).has(host.facts.host)
      ? PASS
      : reject('none of the instances to be joined is here');
  },
};
