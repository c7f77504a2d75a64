import type { Flavor } from '../flavor.js';
import { PCI_KINDS, type PciKind, type PciPool } from './hardware.js';

/** How near devices have to be to the guest's cells. */
const PCI_NEARNESS = ['required', 'socket', 'preferred', 'legacy'] as const;
export type PciNearness = (typeof PCI_NEARNESS)[number];

/** What an operator's alias stands for. */
export interface PciAlias {
  readonly name: string;
  readonly vendor_id: string;
  readonly product_id: string;
  readonly dev_type: PciKind;
  readonly nearness: PciNearness;
}

/** So many devices of an alias. */
export interface PciRequest {
  readonly alias: PciAlias;
  readonly count: number;
}

export type PciOutcome = { readonly requests: readonly PciRequest[] } | { readonly fault: string };

/** `name=8086:1572`, `name=8086:1572:type-VF`, `name=8086:1572:type-PF:required`. @throws Error for one that is none */
export function pciAliases(settings: readonly string[]): readonly PciAlias[] {
  return settings.map((setting) => {
    const [name = '', rest = ''] = setting.split('=').map((part) => part.trim());
    const [vendor_id = '', product_id = '', dev_type = 'type-PCI', nearness = 'legacy'] = rest.split(':');
    const isHex = [vendor_id, product_id].every((id) => /^[0-9a-f]{4}$/i.test(id));
    const known = (PCI_KINDS as readonly string[]).includes(dev_type) && (PCI_NEARNESS as readonly string[]).includes(nearness);
    if (name === '' || !isHex || !known) throw new Error(`pci.aliases: ${setting} is not name=vendor:product[:kind[:nearness]]`);
    return {
      name,
      vendor_id: vendor_id.toLowerCase(),
      product_id: product_id.toLowerCase(),
      dev_type: dev_type as PciKind,
      nearness: nearness as PciNearness,
    };
  });
}

/** The devices that a flavor's `pci_passthrough:alias` (`gpu:2,nic:1`) asks for; `hw:pci_numa_affinity_policy` stands above the alias's. */
export function pciRequests({ extra_specs: specs }: Pick<Flavor, 'extra_specs'>, aliases: readonly PciAlias[]): PciOutcome {
  const asked = specs['pci_passthrough:alias'];
  if (asked === undefined || asked.trim() === '') return { requests: [] };
  const nearness = specs['hw:pci_numa_affinity_policy'] as PciNearness | undefined;
  const requests: PciRequest[] = [];
  for (const part of asked.split(',')) {
    const [name = '', number = ''] = part.split(':').map((piece) => piece.trim());
    const count = Number(number);
    if (name === '' || !Number.isInteger(count) || count < 1 || count > 1_000)
      return { fault: `PCI request '${part.trim()}' is not alias:count.` };
    const alias = aliases.find((known) => known.name === name);
    if (alias === undefined) return { fault: `PCI alias ${name} is not defined` };
    requests.push({ alias: nearness === undefined ? alias : { ...alias, nearness }, count });
  }
  return { requests };
}

/** Whether devices of the pool are what the alias names. */
export const isOf = ({ vendor_id, product_id, dev_type }: PciAlias, pool: PciPool): boolean =>
  pool.vendor_id === vendor_id && pool.product_id === product_id && pool.dev_type === dev_type;
