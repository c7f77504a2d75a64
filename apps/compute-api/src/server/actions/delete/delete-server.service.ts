import { InstanceActionRepository, InstanceArchive, MigrationRepository } from '@kilonova/cell-db';
import type { Instance } from '@kilonova/compute-objects';
import { ownerOf } from '@kilonova/http';
import { InstanceNotifier } from '@kilonova/notifications';
import { PlacementClient, releaseAll } from '@kilonova/placement-client';
import { transaction } from '@kilonova/sql';
import { AppError, type Ctx, conflict } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { BootDevices } from '../../block-device/boot-devices.service.js';
import { AcceptAction } from '../../core/accept-action.service.js';
import { isUp } from '../../core/model/host-state.js';
import { refuseAction } from '../../core/model/refuse-action.js';
import { newAction } from '../../core/new-action.js';
import { type Caller, type ServerInCell, ServerLocator, serverNotFound } from '../../core/server-locator.service.js';
import { ServerPorts } from '../../interface/server-ports.service.js';
import { type DeleteOutcome as Outcome, ServerDeparture } from './server-departure.service.js';
import { SoftDeleteServer } from './soft-delete-server.service.js';

/** How often a server is looked at again that changed while it was being deleted. */
const TRIES = 5;

/**
 * Ends servers. One without a host, or on a host that is down, is ended here; else its agent is told, by a message that
 * leaves with the change of the row. Every step is safe to repeat, and a delete that was cut short is taken up by the next.
 */
@Injectable()
export class DeleteServer {
  readonly #actions = new InstanceActionRepository();
  readonly #archive = new InstanceArchive();

  constructor(
    private readonly locator: ServerLocator,
    private readonly departure: ServerDeparture,
    private readonly acceptAction: AcceptAction,
    private readonly softDelete: SoftDeleteServer,
    private readonly placement: PlacementClient,
    private readonly notifier: InstanceNotifier,
    private readonly devices: BootDevices,
    private readonly ports: ServerPorts,
    private readonly migrations: MigrationRepository,
  ) {}

  /**
   * @param how softly: what was active once rests on its host for a while, and may be restored
   * @throws AppError 404, 409 when it is locked, 503 when its cell is down.
   */
  async run(ctx: Ctx, caller: Caller, id: string, how: 'at once' | 'softly' = 'at once'): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      if ((await this.#once(ctx, caller, id, how)) === 'done') return;
    }
    throw conflict('compute.server.busy', `Instance ${id} is changing too fast to be deleted; try again.`);
  }

  async #once(ctx: Ctx, caller: Caller, id: string, how: 'at once' | 'softly'): Promise<Outcome> {
    const found = await this.#locate(ctx, caller, id);
    if (found === 'finished') return 'done';
    refuseAction('delete', found, caller.principal);
    if (found.where === 'request') return this.#giveUp(ctx, found.instance);
    if (how === 'softly' && this.softDelete.takes(found)) return this.softDelete.run(ctx, found);
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
    const gone = await this.departure.giveUp(instance.uuid);
    if (gone === undefined) return 'changed';
    await this.devices.end(ctx, instance.uuid, gone.block_devices);
    await this.notifier.action(ctx, instance, 'delete', 'start');
    await this.notifier.action(ctx, instance, 'delete', 'end');
    return 'done';
  }

  /** A server that is being deleted already is left to whoever deletes it. */
  async #tellAgent(ctx: Ctx, found: ServerInCell): Promise<Outcome> {
    if (found.instance.task_state === 'deleting') return 'done';
    return (await this.acceptAction.accept(ctx, found, 'delete', {})) ? 'done' : 'changed';
  }

  /** The row goes first: a claim without an instance is found and given back, an instance without a claim would overcommit. */
  async #endHere(ctx: Ctx, { cell, instance, devices }: ServerInCell): Promise<Outcome> {
    const moves = await cell.run((sql) => this.migrations.mayHold(sql, instance.uuid));
    const gone = await cell.run((source) =>
      transaction(source, async (sql) => {
        await this.#actions.start(sql, newAction(ctx, 'delete', instance.uuid));
        return this.#archive.move(sql, ctx, instance.uuid, instance.host);
      }),
    );
    if (gone === undefined) return 'changed';
    await releaseAll(this.placement, ctx, [instance.uuid, ...moves]);
    await this.devices.end(ctx, instance.uuid, devices);
    await this.ports.end(ctx, instance);
    await this.#notify(ctx, instance, gone);
    return 'done';
  }

  /** The same as an agent tells, without the end of a guest. */
  async #notify(ctx: Ctx, instance: Instance, gone: Instance): Promise<void> {
    const { vm_state: oldVmState, task_state: oldTaskState } = instance;
    const deleting = { ...instance, task_state: 'deleting' } as const;
    if (oldTaskState !== 'deleting') await this.notifier.update(ctx, deleting, { oldVmState, oldTaskState });
    await this.notifier.action(ctx, deleting, 'delete', 'start');
    await this.notifier.update(ctx, gone, { oldVmState, oldTaskState: 'deleting' });
    await this.notifier.action(ctx, gone, 'delete', 'end');
  }
}
