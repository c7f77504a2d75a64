import type { Vif } from '@kilonova/compute-objects';
import { Since } from '../../common/model/microversion.js';

/** A network interface of a server. */
export const interfaceView = (vif: Vif, version: number) => ({
  port_id: vif.port_id,
  net_id: vif.network_id,
  mac_addr: vif.mac_address,
  port_state: vif.port_state,
  fixed_ips: vif.fixed_ips.map(({ address, subnet_id }) => ({ ip_address: address, subnet_id })),
  ...(version >= Since.deviceTagsShown ? { tag: vif.tag } : {}),
});
