import type { ImageMeta } from '../image-meta.js';
import type { Instance, InstanceFault } from '../instance.js';
import type { RequestedNetworks, RequestSpec } from '../request-spec.js';
import type { Selection } from '../selection.js';
import type { InstanceGroup } from '../server-group.js';

export interface BuildAndRunInstance {
  readonly instance_uuid: string;
  readonly request_spec: RequestSpec;
  readonly image: ImageMeta | null;
  readonly requested_networks: RequestedNetworks;
  readonly admin_password: string | null;
  /** The host this message is for, claimed already. */
  readonly selection: Selection;
  /** What may still be tried, best first. */
  readonly alternates: readonly Selection[];
  /** 1 for the scheduler's choice; grows with each alternate. */
  readonly build_attempt: number;
}

export interface BuildInstances extends Omit<BuildAndRunInstance, 'selection'> {
  readonly failed_host: string;
  readonly reason: InstanceFault;
}

export interface BeginBuild {
  readonly host: string;
  readonly node: string;
  readonly instance_uuid: string;
  readonly compute_node_uuid: string;
  readonly build_attempt: number;
  readonly group: InstanceGroup | null;
}

/**
 * `begin`: go on (also when this very attempt was begun before and then interrupted); `done`: it is active already;
 * `group-violated`: the late check found the policy broken; `stale`: another attempt or a delete overtook it.
 */
export type BeginBuildResult =
  | { readonly outcome: 'begin'; readonly instance: Instance; readonly resumed: boolean }
  | { readonly outcome: 'done'; readonly instance: Instance }
  | { readonly outcome: 'group-violated'; readonly instance: Instance; readonly message: string }
  | { readonly outcome: 'stale' };
