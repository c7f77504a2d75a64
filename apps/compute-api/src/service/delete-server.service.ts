import { randomUUID } from 'node:crypto';
import { CellRelays, InstanceActionRepository, InstanceArchive, InstanceRepository } from '@kilonova/cell-db';
import { type Instance, messages } from '@kilonova/compute-objects';
import { ownerOf } from '@kilonova/http';
import { castEnvelope, enqueueCast } from '@kilonova/messaging';
import type { InstanceNotifier } from '@kilonova/notifications';
import { PlacementClient } from '@kilonova/placement-client';
import { transaction } from '@kilonova/sql';
import { AppError, type Ctx, conflict } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { isUp } from '../model/server/host-state.js';
import { refuseLocked } from '../model/server/lock.js';
import { API_NOTIFIER } from '../tokens.js';
import { newAction } from './new-action.js';
import { ServerDeparture } from './server-departure.service.js';
import { type Caller, type ServerInCell, ServerLocator, serverNotFound } from './server-locator.service.js';

/** How often a server is looked at again that changed while it was being deleted. */
const TRIES = 5;

type Outcome = 'done' | 'changed';

/**
 * Ends servers. One without a host, or on a host that is down, is ended here; else its agent is told, by a message that
 * leaves with the change of the row. Every step is safe to repeat, and a delete that was cut short is taken up by the next.
 */
@Injectable()
export class DeleteServer {
  readonly #actions = new InstanceActionRepository();
  readonly #archive = new InstanceArchive();
  readonly #instances = new InstanceRepository();

  constructor(
    @Inject(ServerLocator) private readonly locator: ServerLocator,
    @Inject(ServerDeparture) private readonly departure: ServerDeparture,
    @Inject(CellRelays) private readonly relays: CellRelays,
    @Inject(PlacementClient) private readonly placement: PlacementClient,
    @Inject(API_NOTIFIER) private readonly notifier: InstanceNotifier,
  ) {}

  /** @throws AppError 404, 409 when it is locked, 503 when its cell is down. */
  async run(ctx: Ctx, caller: Caller, id: string): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      if ((await this.#once(ctx, caller, id)) === 'done') return;
    }
    throw conflict('compute.server.busy', `Instance ${id} is changing too fast to be deleted; try again.`);
  }

  async #once(ctx: Ctx, caller: Caller, id: string): Promise<Outcome> {
    const found = await this.#locate(ctx, caller, id);
    if (found === 'finished') return 'done';
    refuseLocked(found.instance, caller.principal);
    if (found.where === 'request') return this.#giveUp(ctx, found.instance);
    const outcome =
      found.instance.host !== null && isUp(found.host) ? await this.#tellAgent(ctx, found) : await this.#endHere(ctx, found);
    if (outcome === 'done') await this.departure.settle(found.instance.uuid);
    return outcome;
  }

  /** A delete that was cut short between the cell and the rest left a mapping without an instance: it is finished. */
  async #locate(ctx: Ctx, caller: Caller, id: string) {
    try {
      return await this.locator.reach(caller, id);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not-found') throw error;
      const entry = await this.locator.entry(caller.principal, id);
      if (entry === undefined || entry.cell_id === null || entry.queued_for_delete) throw serverNotFound(id);
      caller.authorize(caller.rule, ownerOf(entry));
      await this.placement.release(ctx, entry.uuid);
      await this.departure.settle(entry.uuid);
      return 'finished' as const;
    }
  }

  async #giveUp(ctx: Ctx, instance: Instance): Promise<Outcome> {
    if ((await this.departure.giveUp(instance.uuid)) === undefined) return 'changed';
    await this.#notify(ctx, instance);
    return 'done';
  }

  async #tellAgent(ctx: Ctx, { cell, instance }: ServerInCell): Promise<Outcome> {
    const { uuid, host } = instance;
    const outcome = await cell.run((source) =>
      transaction(source, async (sql) => {
        const change = await this.#instances.update(sql, uuid, { task_state: 'deleting', progress: 0 }, { host });
        if (change.outcome === 'stale') return 'changed';
        if (change.old_task_state === 'deleting') return 'told before';
        await this.#actions.start(sql, newAction(ctx, 'delete', uuid));
        const target = { topic: 'compute', host: host ?? '' } as const;
        const cast = castEnvelope(ctx, messages.terminateInstance, target, { instance_uuid: uuid }, randomUUID());
        await enqueueCast(sql, cast);
        return 'told';
      }),
    );
    if (outcome === 'told') {
      const change = { oldVmState: instance.vm_state, oldTaskState: 'deleting' } as const;
      const told = this.notifier.update(ctx, { ...instance, task_state: 'deleting', progress: 0 }, change);
      this.relays.wake(cell);
      await told;
    }
    return outcome === 'changed' ? 'changed' : 'done';
  }

  /** The row goes first: a claim without an instance is found and given back, an instance without a claim would overcommit. */
  async #endHere(ctx: Ctx, { cell, instance }: ServerInCell): Promise<Outcome> {
    const gone = await cell.run((source) =>
      transaction(source, async (sql) => {
        await this.#actions.start(sql, newAction(ctx, 'delete', instance.uuid));
        return this.#archive.move(sql, instance.uuid, instance.host);
      }),
    );
    if (gone === undefined) return 'changed';
    await this.placement.release(ctx, instance.uuid);
    await this.#notify(ctx, gone);
    return 'done';
  }

  async #notify(ctx: Ctx, instance: Instance): Promise<void> {
    await this.notifier.action(ctx, instance, 'delete', 'start');
    await this.notifier.action(ctx, instance, 'delete', 'end');
  }
}
