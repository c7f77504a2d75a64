import type { Network } from '@kilonova/network-client';

/** What older network services told; of those of today all is null. Source: Nova's proxy. */
export const UNTOLD = ['cidr', 'netmask', 'gateway', 'broadcast', 'dns1', 'dns2', 'cidr_v6', 'gateway_v6', 'netmask_v6'] as const;

/** The same for administrators. */
export const UNTOLD_TO_ADMINS = [
  'created_at',
  'updated_at',
  'deleted_at',
  'deleted',
  'injected',
  'bridge',
  'vlan',
  'vpn_public_address',
  'vpn_public_port',
  'vpn_private_address',
  'dhcp_start',
  'project_id',
  'host',
  'bridge_interface',
  'multi_host',
  'priority',
  'rxtx_base',
  'mtu',
  'dhcp_server',
  'enable_dhcp',
  'share_address',
] as const;

const untold = (keys: readonly string[]): Readonly<Record<string, null>> => Object.fromEntries(keys.map((key) => [key, null]));

/** A network, as of old. */
export const networkView = ({ id, name }: Network, isAdmin: boolean) => ({
  ...untold(UNTOLD),
  ...(isAdmin ? untold(UNTOLD_TO_ADMINS) : {}),
  id,
  label: name,
});

/** The same, of the older list of a project's own. */
export const tenantNetworkView = ({ id, name }: Network) => ({ id, label: name, cidr: 'None' });
