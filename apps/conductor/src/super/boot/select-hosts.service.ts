import { ApiDatabase, type GroupMember, InstanceGroupMemberRepository } from '@kilonova/api-db';
import { GroupPlacementRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import type {
  InstanceGroup,
  RequestSpec,
  SelectDestinations,
  SelectDestinationsResult,
  Selection,
} from '@kilonova/compute-objects';
import type { Sql } from '@kilonova/sql';
import { type Ctx, KeyedGate } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type PlacedMembers, refreshGroup } from '../../model/group-policy.js';
import { SchedulerClient } from './scheduler.client.js';

export interface SelectedHosts {
  readonly result: SelectDestinationsResult;
  /** The spec that was scheduled with: its server group is as of now. */
  readonly spec: RequestSpec;
}

type Select = (spec: RequestSpec) => Promise<SelectDestinationsResult>;

/** What waits is bounded by the messages that a conductor works on at once. */
const NO_LIMIT = { queue: 1_000_000, waitMs: 0x7fffffff };

const NOBODY: PlacedMembers = { places: new Map(), isWhole: false };

/** How long the cells are waited for when a group's hosts are read; who is late is taken from the API database. */
const CELLS_MS = 2_000;

/**
 * Has the scheduler choose hosts. Servers of a group are scheduled under the lock on the group's row, and their hosts
 * are written before it is let go: parallel boots of one group cannot overlook each other.
 */
@Injectable()
export class SelectHosts {
  /** Boots of one group wait here, where waiting takes no database connection. */
  readonly #groups = new KeyedGate({ concurrency: 1, ...NO_LIMIT }, 'boots of one server group');

  constructor(
    private readonly api: ApiDatabase,
    private readonly members: InstanceGroupMemberRepository,
    private readonly cells: CellRegistry,
    private readonly placements: GroupPlacementRepository,
    private readonly scheduler: SchedulerClient,
  ) {}

  /** @param ignoredCells uuids of cells whose hosts are left out */
  async run(
    ctx: Ctx,
    spec: RequestSpec,
    uuids: readonly string[],
    ignoredCells: readonly string[] = [],
    claimMode: SelectDestinations['claim_mode'] = 'build',
  ): Promise<SelectedHosts> {
    const group = spec.instance_group;
    const select: Select = (current) => this.scheduler.select(ctx, current, uuids, ignoredCells, claimMode);
    if (group === null) return { result: await select(spec), spec };
    return this.#groups.run(group.uuid, () => this.api.transaction((sql) => this.#locked(sql, spec, group, uuids, select)));
  }

  /** Which hosts `run` would choose now. The group is read without its lock: what boots meanwhile is not waited for. */
  async attempt(ctx: Ctx, spec: RequestSpec, uuids: readonly string[]): Promise<SelectDestinationsResult> {
    const group = spec.instance_group;
    if (group === null) return this.scheduler.attempt(ctx, spec, uuids);
    const sql = await this.api.sql();
    const groupId = await this.members.findGroup(sql, group.uuid);
    const fresh = groupId === undefined ? group : await this.#refresh(sql, groupId, group, uuids);
    return this.scheduler.attempt(ctx, { ...spec, instance_group: fresh }, uuids);
  }

  async #locked(
    sql: EntityManager,
    spec: RequestSpec,
    group: InstanceGroup,
    uuids: readonly string[],
    select: Select,
  ): Promise<SelectedHosts> {
    const groupId = await this.members.lockGroup(sql, group.uuid);
    if (groupId === undefined) return { result: await select(spec), spec };
    const fresh = { ...spec, instance_group: await this.#refresh(sql, groupId, group, uuids) };
    const result = await select(fresh);
    if (result.outcome === 'selected') await this.members.claimHosts(sql, groupId, hostsOf(uuids, result.selections));
    return { result, spec: fresh };
  }

  async #refresh(sql: Sql, groupId: number, group: InstanceGroup, uuids: readonly string[]): Promise<InstanceGroup> {
    const members = await this.members.members(sql, groupId);
    const scheduling = new Set(uuids);
    const elsewhere = members.some((member) => member.host !== null && !scheduling.has(member.instance_uuid));
    const placed = elsewhere ? await this.#placed(group.uuid, members) : NOBODY;
    return refreshGroup(group, members, placed, scheduling);
  }

  /**
   * Where members are by what the cells say: an alternate may have taken a build that was scheduled elsewhere, a move holds
   * both its ends, and one that failed (in a cell, or buried in cell0), was offloaded or has been deleted is nowhere.
   */
  async #placed(groupUuid: string, members: readonly GroupMember[]): Promise<PlacedMembers> {
    const uuids = members.map((member) => member.instance_uuid);
    const answers = await this.cells.scatter((sql) => this.placements.members(sql, groupUuid, uuids), { deadlineMs: CELLS_MS });
    const known = answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : []));
    return {
      places: new Map(known.map(({ instance_uuid, ...place }) => [instance_uuid, place])),
      isWhole: answers.every(({ outcome }) => outcome === 'value'),
    };
  }
}

const hostsOf = (uuids: readonly string[], selections: ReadonlyArray<readonly Selection[]>): Map<string, string> =>
  new Map(
    uuids.flatMap((uuid, index) => {
      const host = selections[index]?.[0]?.service_host;
      return host === undefined ? [] : [[uuid, host] as const];
    }),
  );
