import type { Ctx } from '@kilonova/util';
import type { ProviderReport } from '@kilonova/virt';

/** Placement, as an agent uses it. */
export abstract class AgentPlacement {
  /**
   * Makes the node's provider tree in placement equal to the report; writes only what differs. Traits that others put
   * on a provider stay, but for those that the agent itself manages (`owned`).
   */
  abstract syncTree(
    ctx: Ctx,
    nodeUuid: string,
    providers: readonly ProviderReport[],
    owned: (trait: string) => boolean,
  ): Promise<void>;

  /** Frees what a consumer holds; nothing held is fine. */
  abstract release(ctx: Ctx, instanceUuid: string): Promise<void>;
}
