import type { Vif } from '@kilonova/compute-objects';
import type { Port } from '@kilonova/network-client';
import { Since } from '../../common/model/microversion.js';

const tagOf = (tag: string | null, version: number) => (version >= Since.deviceTagsShown ? { tag } : {});

/** A network interface of a server. */
export const interfaceView = (vif: Vif, version: number) => ({
  port_id: vif.port_id,
  net_id: vif.network_id,
  mac_addr: vif.mac_address,
  port_state: vif.port_state,
  fixed_ips: vif.fixed_ips.map(({ address, subnet_id }) => ({ ip_address: address, subnet_id })),
  ...tagOf(vif.tag, version),
});

/** The same of an interface that was attached just now. */
export const attachedView = (port: Port, tag: string | null, version: number) => ({
  port_id: port.id,
  net_id: port.networkId,
  mac_addr: port.macAddress,
  port_state: port.status,
  fixed_ips: port.fixedIps.map(({ address, subnetId }) => ({ ip_address: address, subnet_id: subnetId })),
  ...tagOf(tag, version),
});
