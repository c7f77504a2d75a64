import type { BuildRepository, GroupPlacementRepository } from '@kilonova/cell-db';
import type { BeginBuild as Args, BeginBuildResult, InstanceGroup } from '@kilonova/compute-objects';
import { type Sql, transaction } from '@kilonova/sql';
import { groupViolation, isHardPolicy } from '../../model/group-policy.js';

/**
 * An agent takes a build on. For a group with a hard policy the late check runs under a lock that builds of the group
 * in this cell share, and the place is taken before the lock is let go.
 */
export class BeginBuild {
  constructor(
    private readonly sql: Sql,
    private readonly builds: BuildRepository,
    private readonly placements: GroupPlacementRepository,
  ) {}

  run(args: Args): Promise<BeginBuildResult> {
    const { group } = args;
    if (group === null || !isHardPolicy(group)) return this.#begin(this.sql, args, group?.uuid ?? null);
    return transaction(this.sql, (sql) => this.#checked(sql, args, group));
  }

  async #checked(sql: Sql, args: Args, group: InstanceGroup): Promise<BeginBuildResult> {
    await this.placements.lock(sql, group.uuid);
    const neighbours = await this.placements.neighbours(sql, group.uuid, args.host, args.instance_uuid);
    const message = groupViolation(group, neighbours);
    const begun = await this.#begin(sql, args, message === undefined ? group.uuid : null);
    return message !== undefined && begun.outcome === 'begin'
      ? { outcome: 'group-violated', instance: begun.instance, message }
      : begun;
  }

  async #begin(sql: Sql, args: Args, groupUuid: string | null): Promise<BeginBuildResult> {
    const begun = await this.builds.begin(sql, args, groupUuid);
    if (begun.outcome === 'begun') return { outcome: 'begin', instance: begun.instance, resumed: begun.resumed };
    const done = await this.builds.findDone(sql, args);
    return done === undefined ? { outcome: 'stale' } : { outcome: 'done', instance: done };
  }
}
