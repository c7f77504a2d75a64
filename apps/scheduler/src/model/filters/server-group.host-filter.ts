import { type HostFilter, PASS, reject } from './host-filter.js';

/** At most `max_server_per_host` (default 1) members of an anti-affinity group on one host. */
export const antiAffinityFilter: HostFilter = {
  name: 'ServerGroupAntiAffinityFilter',
  readsGroup: true,
  check(host, spec, facts) {
    const group = spec.instance_group;
    if (group?.policy !== 'anti-affinity') return PASS;
    const limit = group.rules.max_server_per_host ?? 1;
    const members = facts.groupMembersByHost[host.facts.host] ?? 0;
    return members < limit ? PASS : reject(`${members} of at most ${limit} members of the server group are here`);
  },
};

/** All members of an affinity group on the host of the first. */
export const affinityFilter: HostFilter = {
  name: 'ServerGroupAffinityFilter',
  readsGroup: true,
  check(host, spec, facts) {
    if (spec.instance_group?.policy !== 'affinity') return PASS;
    const hosts = Object.keys(facts.groupMembersByHost);
    if (hosts.length === 0 || hosts.includes(host.facts.host)) return PASS;
    return reject('the server group lives on another host');
  },
};
