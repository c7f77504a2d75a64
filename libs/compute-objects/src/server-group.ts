export const GROUP_POLICIES = ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'] as const;
export type GroupPolicy = (typeof GROUP_POLICIES)[number];

/**
 * A server group as the scheduler and the agents need it. `hosts` and `members` are as of the request; `hosts` has
 * one entry for each member that is on a host, so a host with two members stands there twice.
 */
export interface InstanceGroup {
  readonly uuid: string;
  readonly name: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly policy: GroupPolicy;
  readonly rules: { readonly max_server_per_host?: number };
  readonly members: readonly string[];
  readonly hosts: readonly string[];
}
