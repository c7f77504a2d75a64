import type { Vif } from '@kilonova/compute-objects';

/** An address as servers and `/ips` show it; `/ips` leaves out its kind. */
interface ShownAddress {
  readonly version: 4 | 6;
  readonly addr: string;
}

const byNetwork = <T>(
  vifs: readonly Vif[],
  shown: (vif: Vif, address: ShownAddress) => T,
): Readonly<Record<string, readonly T[]>> => {
  const networks: Record<string, T[]> = {};
  for (const vif of vifs) {
    const own = (networks[vif.label] ??= []);
    for (const { address, version } of vif.fixed_ips) own.push(shown(vif, { version, addr: address }));
  }
  return networks;
};

/** `addresses` of a server, by the name of the network; a request that an older release stored knows of none. */
export const addressesOf = (vifs: readonly Vif[] = []) =>
  byNetwork(vifs, ({ mac_address }, address) => ({
    ...address,
    'OS-EXT-IPS:type': 'fixed',
    'OS-EXT-IPS-MAC:mac_addr': mac_address,
  }));

/** The addresses of a server alone, by the name of the network. */
export const plainAddressesOf = (vifs: readonly Vif[] = []) => byNetwork(vifs, (_vif, address) => address);
