import {
  type Instance,
  type LiveMigrationArguments,
  type OperationName,
  operationRule,
  type PlacedArguments,
  type RebuildArguments,
  type RequestSpec,
} from '@kilonova/compute-objects';

/** An operation that needs a host, and its server. */
export interface Placed {
  readonly operation: PlacedOperation;
  readonly instance: Instance;
}

interface PlacedOperation {
  readonly name: OperationName;
  readonly arguments: PlacedArguments;
}

/** Where a server may go beside other hosts of its cell. */
export interface PlacingTerms {
  readonly cellUuid: string;
  /** Whether the host that it is on may be chosen again. */
  readonly sameHost: boolean;
}

/**
 * What a host is looked for with: the server's own spec with the flavor that it is to have. Hosts that the boot was
 * forced to were for the boot alone; another cell is never chosen.
 */
export function placingSpec(stored: RequestSpec, placing: Placed, terms: PlacingTerms): RequestSpec {
  const { operation, instance } = placing;
  const { flavor, requested_host: host } = operation.arguments;
  const { forced = false } = operation.arguments as Partial<LiveMigrationArguments>;
  if (operationRule(operation.name).placed?.claim === 'check') return checkingSpec(stored, placing, terms);
  return {
    ...stored,
    num_instances: 1,
    flavor: flavor ?? instance.flavor,
    image: isRebuild(operation) ? (operation.arguments as RebuildArguments).image : stored.image,
    force_hosts: forced && host !== null ? [host] : [],
    force_nodes: [],
    ignore_hosts: instance.host === null || terms.sameHost ? [] : [instance.host],
    requested_destination: { host, node: null, cell: terms.cellUuid },
    requested_networks: interfacesOf(instance),
  };
}

/** The interfaces that a server has by now, whatever it was booted with. */
const interfacesOf = ({ network_info: vifs }: Instance): RequestSpec['requested_networks'] =>
  vifs.length === 0 ? 'none' : vifs.map(({ port_id: port, network_id: uuid }) => ({ port, uuid }));

/** Whether the server becomes one of another image: where it is, or elsewhere. */
export const isRebuild = ({ name }: Pick<PlacedOperation, 'name'>): boolean => name === 'rebuild' || name === 'rebuildElsewhere';

/** What the host that a server is on is judged by: the image that the server is to be made of. */
const checkingSpec = (stored: RequestSpec, { operation, instance }: Placed, { cellUuid }: PlacingTerms): RequestSpec => ({
  ...stored,
  num_instances: 1,
  flavor: instance.flavor,
  image: (operation.arguments as RebuildArguments).image,
  force_hosts: [],
  force_nodes: [],
  ignore_hosts: [],
  requested_destination: { host: instance.host, node: instance.node, cell: cellUuid },
});

/** Whether an operation could leave its server on the present host at all: a resize could, by its row and the operator's option. */
export const mayStay = ({ name, arguments: { flavor } }: PlacedOperation, allowed: boolean): boolean =>
  allowed && operationRule(name).placed?.sameHost === 'allowed' && flavor !== null;
