import type { RequestSpec } from '@kilonova/compute-objects';
import { type HostFilter, PASS, reject, type SchedulingFacts } from './host-filter.js';

const hostsOfHint = (spec: RequestSpec, hint: string, facts: SchedulingFacts): readonly string[] =>
  (spec.scheduler_hints[hint] ?? []).flatMap((uuid) => facts.hintHosts[uuid] ?? []);

/** Hint `different_host`: not where any of these instances is. */
export const differentHostFilter: HostFilter = {
  name: 'DifferentHostFilter',
  oncePerRun: true,
  check: (host, spec, facts) =>
    hostsOfHint(spec, 'different_host', facts).includes(host.facts.host) ? reject('an instance to be kept apart is here') : PASS,
};

/** Hint `same_host`: where at least one of these instances is. */
export const sameHostFilter: HostFilter = {
  name: 'SameHostFilter',
  oncePerRun: true,
  check(host, spec, facts) {
    if ((spec.scheduler_hints['same_host'] ?? []).length === 0) return PASS;
    return hostsOfHint(spec, 'same_host', facts).includes(host.facts.host)
      ? PASS
      : reject('none of the instances to be joined is here');
  },
};
