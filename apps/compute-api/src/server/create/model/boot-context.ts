import type { KeyPair, Limits, ServerGroup, UsageRow } from '@kilonova/api-db';
import type { Flavor } from '@kilonova/compute-objects';

/** What a creation names. */
export interface BootQuestion {
  readonly flavorid: string;
  readonly projectId: string;
  readonly userId: string;
  readonly keyName: string | null;
  readonly groupUuid: string | null;
  readonly zone: string | null;
  readonly host: string | null;
}

/** What the API database knows about it. */
export interface BootContext {
  readonly flavor: Flavor | null;
  readonly key_pair: KeyPair | null;
  readonly group: Pick<ServerGroup, 'uuid' | 'project_id'> | null;
  /** Some host is in the zone. */
  readonly zone_has_hosts: boolean;
  readonly host_is_known: boolean;
  readonly user_limits: Limits;
  readonly project_limits: Limits;
  readonly class_limits: Limits;
  /** What project and user hold at the moment. */
  readonly usage: readonly UsageRow[];
}
