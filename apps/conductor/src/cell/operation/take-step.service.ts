import { GroupPlacementRepository, RebuildRepository, StepRepository } from '@kilonova/cell-db';
import type { TakeStep as Args, InstanceGroup, StepName, TakeStepResult } from '@kilonova/compute-objects';
import { OutboxRelay } from '@kilonova/messaging';
import { type Sql, transaction } from '@kilonova/sql';
import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { placementFault } from '../../model/build-faults.js';
import { groupViolation } from '../../model/group-policy.js';

/** Steps in which a server becomes what its rebuild asked for. */
const MAKES_ANEW: ReadonlySet<string> = new Set(['rebuild_instance', 'finish_rebuild_elsewhere'] satisfies StepName[]);

/**
 * An agent asks whether a step is still its own, and is given what it needs. For a server in a group with a hard policy
 * the late check runs under a lock that the group's builds in this cell share, and the place is taken before the lock is
 * let go; where the policy does not hold, the build looks for another host.
 */
@Injectable()
export class TakeStep {
  constructor(
    private readonly sql: DataSource,
    private readonly steps: StepRepository,
    private readonly placements: GroupPlacementRepository,
    private readonly rebuilds: RebuildRepository,
    private readonly relay: OutboxRelay,
    @Optional() private readonly now: () => Date = () => new Date(),
  ) {}

  async run(args: Args): Promise<TakeStepResult> {
    const taken = await this.#take(args);
    if (taken.outcome !== 'stale') return taken;
    const group = await this.steps.groupToCheck(this.sql, args);
    return group === undefined ? taken : this.#checked(args, group);
  }

  #take(args: Args): Promise<TakeStepResult> {
    if (!MAKES_ANEW.has(args.step)) return this.steps.take(this.sql, args);
    return transaction(this.sql, async (sql) => this.#become(sql, await this.steps.take(sql, args)));
  }

  /** A server that is made anew of an image is what was asked for as soon as its host takes it on, and not before. */
  async #become(sql: Sql, taken: TakeStepResult): Promise<TakeStepResult> {
    if (taken.outcome !== 'taken' || !('changes' in taken.arguments)) return taken;
    const instance = await this.rebuilds.become(sql, taken.instance.uuid, taken.arguments.changes);
    return instance === undefined ? taken : { ...taken, instance };
  }

  async #checked(args: Args, group: InstanceGroup): Promise<TakeStepResult> {
    const result = await transaction(this.sql, async (sql): Promise<TakeStepResult> => {
      await this.placements.lock(sql, group.uuid);
      const neighbours = await this.placements.neighbours(sql, group.uuid, args.host, args.instance_uuid);
      const violation = groupViolation(group, neighbours);
      if (violation === undefined) return this.#become(sql, await this.steps.take(sql, args, true));
      await this.steps.refuse(sql, args, placementFault(violation, args.host, this.now()));
      return { outcome: 'stale', on_host: false };
    });
    if (result.outcome === 'stale') this.relay.wake();
    return result;
  }
}
