import { randomUUID } from 'node:crypto';
import { ApiDatabase } from '@kilonova/api-db';
import { InstanceRepository } from '@kilonova/cell-db';
import { type Cell, CellRegistry, CellRelays } from '@kilonova/cells';
import { messages, refusalOf } from '@kilonova/compute-objects';
import { type CastEnvelope, castEnvelope, enqueueCasts } from '@kilonova/messaging';
import { transaction } from '@kilonova/sql';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../server/core/accept-action.service.js';
import { whenIdle } from '../server/core/when-idle.js';
import { type EventTarget, EventTargetRepository } from './event-target.repository.js';
import { type EventPlace, type ExternalEvent, powerAction } from './model/external-event.js';

/** Events that one message holds, at most. */
const EVENTS_A_MESSAGE = 200;

/** A server that events are about, with the cell that it lives in. */
export interface PlacedTarget extends EventTarget {
  readonly cell: Cell;
}

/** The stores that it reads and writes. */
@Injectable()
export class EventStores {
  constructor(
    readonly api: ApiDatabase,
    readonly targets: EventTargetRepository,
    readonly instances: InstanceRepository,
  ) {}
}

/** Takes what other services tell of servers to the agents of their hosts: one question and one transaction a cell. */
@Injectable()
export class DeliverEvents {
  constructor(
    private readonly cells: CellRegistry,
    private readonly relays: CellRelays,
    private readonly stores: EventStores,
    private readonly acceptAction: AcceptAction,
  ) {}

  /** By uuid, those that are in a cell; `without-cell` are the rest of those that there are. @throws AppError 503 when a cell does not answer */
  async locate(uuids: readonly string[]): Promise<{ placed: Map<string, PlacedTarget>; withoutCell: ReadonlySet<string> }> {
    const cellIds = await this.stores.targets.cells(await this.stores.api.sql(), uuids);
    const byCell = Map.groupBy(
      [...cellIds].filter(([, id]) => id !== null),
      ([, id]) => id as number,
    );
    const found = await Promise.all(
      [...byCell].map(([id, entries]) =>
        this.#inCell(
          id,
          entries.map(([uuid]) => uuid),
        ),
      ),
    );
    return {
      placed: new Map(found.flat().map((target) => [target.uuid, target])),
      withoutCell: new Set([...cellIds].filter(([, id]) => id === null).map(([uuid]) => uuid)),
    };
  }

  /** Events that were taken, each about a server of `targets`. */
  async run(ctx: Ctx, events: readonly ExternalEvent[], targets: ReadonlyMap<string, PlacedTarget>): Promise<void> {
    const byCell = Map.groupBy(events, (event) => targets.get(event.server_uuid)?.cell);
    for (const [cell, some] of byCell) if (cell !== undefined) await this.#toCell(ctx, cell, some, targets);
  }

  async #inCell(id: number, uuids: readonly string[]): Promise<PlacedTarget[]> {
    const cell = await this.cells.findById(id);
    if (cell === undefined) return [];
    const found = await cell.run((sql) => this.stores.targets.inCell(sql, uuids));
    return found.map((target) => ({ ...target, cell }));
  }

  async #toCell(
    ctx: Ctx,
    cell: Cell,
    events: readonly ExternalEvent[],
    targets: ReadonlyMap<string, PlacedTarget>,
  ): Promise<void> {
    for (const event of events) if (powerAction(event) !== undefined) await this.#follow(ctx, cell, event);
    for (const event of events) if (event.name === 'volume-extended') await this.#extend(ctx, cell, event);
    const told = events.filter((event) => !ACTED_ON.has(event.name));
    if (told.length === 0) return;
    await cell.run((source) => transaction(source, (sql) => enqueueCasts(sql, castsOf(ctx, told, targets))));
    this.relays.wake(cell);
  }

  /** Has the guest see its volume's new size, as soon as the server is idle. @throws AppError 409 when it is busy for longer */
  async #extend(ctx: Ctx, cell: Cell, { server_uuid, tag, status = 'completed' }: ExternalEvent): Promise<void> {
    if (tag === undefined || status !== 'completed') return;
    await whenIdle(server_uuid, async () => {
      const instance = await cell.run((sql) => this.stores.instances.find(sql, server_uuid));
      if (instance === undefined || instance.host === null) return 'gone';
      const args = { subject: { volume_id: tag } };
      return (await this.acceptAction.accept(ctx, { cell, instance }, 'extendVolume', args)) ? 'accepted' : undefined;
    });
  }

  /** Starts or stops a server as its power outside has changed. One that may not be now, or changes meanwhile, is left to the next sync. */
  async #follow(ctx: Ctx, cell: Cell, event: ExternalEvent): Promise<void> {
    const action = powerAction(event);
    const instance = await cell.run((sql) => this.stores.instances.find(sql, event.server_uuid));
    if (action === undefined || instance === undefined) return;
    if (refusalOf(action, instance, { aboveLocks: true, hostIsUp: true }) !== undefined) return;
    await this.acceptAction.accept(ctx, { cell, instance }, action, action === 'stop' ? { clean_shutdown: false } : {});
  }
}

/** Where the server of an event is, as the answer to the event depends on it. */
export function placeOf(uuid: string, { placed, withoutCell }: Awaited<ReturnType<DeliverEvents['locate']>>): EventPlace {
  const target = placed.get(uuid);
  if (target !== undefined) return target.hosts.length > 0 ? 'on-host' : 'without-host';
  return withoutCell.has(uuid) ? 'without-host' : 'unknown';
}

/** What is an action on the server here, and no message to whoever waits for it. */
const ACTED_ON: ReadonlySet<string> = new Set(['power-update', 'volume-extended']);

/** One cast a host, more where it hears of very much. */
function castsOf(ctx: Ctx, events: readonly ExternalEvent[], targets: ReadonlyMap<string, PlacedTarget>): CastEnvelope[] {
  const told = events.flatMap((event) => (targets.get(event.server_uuid)?.hosts ?? []).map((host) => ({ host, event })));
  return [...Map.groupBy(told, ({ host }) => host)].flatMap(([host, all]) =>
    chunks(all, EVENTS_A_MESSAGE).map((some) => {
      const args = { events: some.map(({ event }) => asTold(event)) };
      return castEnvelope(ctx, messages.externalInstanceEvent, { topic: 'compute', host }, args, randomUUID());
    }),
  );
}

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_none, index) => all.slice(index * size, (index + 1) * size));

const asTold = ({ server_uuid, name, status = 'completed', tag }: ExternalEvent) => ({
  instance_uuid: server_uuid,
  name,
  status,
  tag: tag ?? null,
});
