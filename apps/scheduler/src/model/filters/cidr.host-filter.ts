import { BlockList, isIP } from 'node:net';
import { type HostFilter, PASS, reject } from './host-filter.js';

const family = (ip: string): 'ipv4' | 'ipv6' => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');

/** Hints `build_near_host_ip` and `cidr` (`/24`): hosts whose address lies in that network. */
export const simpleCidrAffinityFilter: HostFilter = {
  name: 'SimpleCIDRAffinityFilter',
  check(host, spec) {
    const [near] = spec.scheduler_hints['build_near_host_ip'] ?? [];
    if (near === undefined) return PASS;
    const [cidr = '/24'] = spec.scheduler_hints['cidr'] ?? [];
    const bits = Number(cidr.replace('/', ''));
    const { hostIp } = host.facts;
    const known =
      isIP(near) !== 0 && isIP(hostIp) !== 0 && Number.isInteger(bits) && bits >= 0 && bits <= (isIP(near) === 6 ? 128 : 32);
    if (!known) return reject(`whether ${hostIp} is in ${near}${cidr} cannot be said`);
    const network = new BlockList();
    network.addSubnet(near, bits, family(near));
    return network.check(hostIp, family(hostIp)) ? PASS : reject(`its address ${hostIp} is not in ${near}${cidr}`);
  },
};
