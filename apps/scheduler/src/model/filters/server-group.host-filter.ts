import type { HostState } from '../host-state.js';
import { type HostFilter, PASS, reject, type SchedulingFacts } from './host-filter.js';

/** Members on a host: those known before, and those that this run has put there. */
const membersOn = (host: HostState, facts: SchedulingFacts): number =>
  (facts.groupMembersByHost[host.facts.host] ?? 0) + host.placedInRun.length;

/** At most `max_server_per_host` (default 1) members of an anti-affinity group on one host. */
export const antiAffinityFilter: HostFilter = {
  name: 'ServerGroupAntiAffinityFilter',
  oncePerRun: false,
  check(host, spec, facts) {
    const group = spec.instance_group;
    if (group?.policy !== 'anti-affinity') return PASS;
    const limit = group.rules.max_server_per_host ?? 1;
    const members = membersOn(host, facts);
    return members < limit ? PASS : reject(`${members} of at most ${limit} members of the server group are here`);
  },
};

/** All members of an affinity group on the host of the first. */
export const affinityFilter: HostFilter = {
  name: 'ServerGroupAffinityFilter',
  oncePerRun: false,
  check(host, spec, facts) {
    if (spec.instance_group?.policy !== 'affinity') return PASS;
    const hosts = Object.keys(facts.groupMembersByHost);
    if (hosts.length === 0 || hosts.includes(host.facts.host)) return PASS;
    return reject('the server group lives on another host');
  },
};
