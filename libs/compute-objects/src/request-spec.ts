import type { Flavor } from './flavor.js';
import type { ImageMeta } from './image-meta.js';
import type { InstanceGroup } from './server-group.js';

/** A host (or one of its nodes) that was asked for and still has to pass the filters. */
export interface Destination {
  readonly host: string | null;
  readonly node: string | null;
  /** Restricts the choice to one cell. */
  readonly cell: string | null;
}

/** Everything that placing an instance depends on. Kept for the instance's life, so that moves honour it too. */
export interface RequestSpec {
  readonly instance_uuid: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly num_instances: number;
  readonly flavor: Flavor;
  readonly image: ImageMeta | null;
  /** As the user asked for it; null when the instance is not bound to a zone. */
  readonly availability_zone: string | null;
  readonly scheduler_hints: Readonly<Record<string, readonly string[]>>;
  readonly instance_group: InstanceGroup | null;
  readonly ignore_hosts: readonly string[];
  /** Chosen by an administrator with `zone:host`: the filters are skipped, the claim is not. */
  readonly force_hosts: readonly string[];
  readonly force_nodes: readonly string[];
  readonly requested_destination: Destination | null;
  readonly security_groups: readonly string[];
  readonly is_bfv: boolean;
  readonly requested_networks: RequestedNetworks;
}

/** `none`: no NIC; `auto`: whatever the project has (without a network service that is no NIC); else the list. */
export type RequestedNetworks = 'none' | 'auto' | readonly RequestedNetwork[];

export interface RequestedNetwork {
  /** Ids of the groups of the port that is made; left out: the project's default. */
  readonly security_groups?: readonly string[];
  readonly uuid?: string;
  readonly port?: string;
  readonly fixed_ip?: string;
  readonly tag?: string;
}
