import { randomUUID } from 'node:crypto';
import { type Aggregate, AggregateRepository, ApiDatabase } from '@kilonova/api-db';
import { type AppError, type Ctx, conflict, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AggregateChangeName, AggregateNotifier } from './aggregate.notifier.js';
import { AggregateMirror } from './aggregate-mirror.service.js';
import { AggregateZoneGuard } from './aggregate-zone.guard.js';
import { mergedMetadata } from './model/zone-rules.js';

export interface AggregateUpdate {
  readonly name?: string;
  /** Null removes a key. */
  readonly metadata?: Readonly<Record<string, string | null>>;
}

export const aggregateNotFound = (id: number): AppError =>
  notFound('compute.aggregate.not_found', `Aggregate ${id} could not be found.`);
const nameTaken = (name: string): AppError => conflict('compute.aggregate.duplicate', `Aggregate ${name} already exists.`);

/** Changes aggregates under the lock of their row, with the rules of zones, and tells placement and outsiders. */
@Injectable()
export class AggregateService {
  constructor(
    private readonly database: ApiDatabase,
    private readonly aggregates: AggregateRepository,
    private readonly guard: AggregateZoneGuard,
    private readonly mirror: AggregateMirror,
    private readonly notifier: AggregateNotifier,
  ) {}

  /** @throws AppError 409 when the name is taken. */
  async create(ctx: Ctx, name: string, zone: string | null): Promise<Aggregate> {
    const created = await this.aggregates.create(await this.database.sql(), { uuid: randomUUID(), name, zone });
    if (created === undefined) throw nameTaken(name);
    await this.notifier.tell(ctx, 'create', 'start', created, { name });
    await this.notifier.tell(ctx, 'create', 'end', created, { name });
    return created;
  }

  /** @throws AppError 404; 400 when hosts with servers would change zones, or be in two; 409 when the name is taken. */
  async update(ctx: Ctx, id: number, update: AggregateUpdate, event: AggregateChangeName): Promise<Aggregate> {
    return this.#changing(ctx, id, event, { meta_data: update.metadata ?? {} }, async (sql, present) => {
      const metadata = mergedMetadata(present.metadata, update.metadata ?? {});
      const objection = await this.guard.objection(sql, { ...present, metadata });
      if (objection !== undefined)
        throw invalid('compute.aggregate.zone', `Cannot update aggregate ${id}. Reason: ${objection}.`);
      if ((await this.aggregates.update(sql, id, update)) === 'duplicate') throw nameTaken(update.name ?? '');
    });
  }

  /** @throws AppError 404 for an unknown host or aggregate; 409 when it is in it, or would change zones with servers on it. */
  async addHost(ctx: Ctx, id: number, host: string): Promise<Aggregate> {
    if (!(await this.mirror.isMapped(host))) throw notFound('compute.host.unmapped', `Host '${host}' is not mapped to any cell`);
    const changed = await this.#changing(ctx, id, 'add_host', { host_name: host }, async (sql, present) => {
      if (present.hosts.includes(host))
        throw conflict('compute.aggregate.host_exists', `Aggregate ${id} already has host ${host}.`);
      const objection = await this.guard.objection(sql, { ...present, hosts: [...present.hosts, host] });
      if (objection !== undefined)
        throw conflict('compute.aggregate.zone', `Cannot add host ${host} to aggregate ${id}. Reason: ${objection}.`);
      await this.aggregates.addHost(sql, id, host);
    });
    if (await this.mirror.add(ctx, changed.uuid, host)) await this.aggregates.markMirrored(await this.database.sql(), id, host);
    return changed;
  }

  /** Placement first: a host that left is never a candidate for what asks for the aggregate. @throws AppError 404, 409 */
  async removeHost(ctx: Ctx, id: number, host: string): Promise<Aggregate> {
    return this.#changing(ctx, id, 'remove_host', { host_name: host }, async (sql, present) => {
      if (!present.hosts.includes(host))
        throw notFound('compute.aggregate.host_not_found', `Aggregate ${id} has no host ${host}.`);
      const objection = await this.guard.objection(sql, { ...present, hosts: present.hosts.filter((other) => other !== host) });
      if (objection !== undefined)
        throw conflict('compute.aggregate.zone', `Cannot remove host ${host} from aggregate ${id}. Reason: ${objection}.`);
      await this.mirror.remove(ctx, present.uuid, host);
      await this.aggregates.removeHost(sql, id, host);
    });
  }

  /** @throws AppError 404; 400 while it has hosts. */
  async remove(ctx: Ctx, id: number): Promise<void> {
    const sql = await this.database.sql();
    const present = await this.aggregates.find(sql, id);
    if (present === undefined) throw aggregateNotFound(id);
    await this.notifier.tell(ctx, 'delete', 'start', present);
    if (!(await this.aggregates.remove(sql, id))) {
      throw invalid('compute.aggregate.not_empty', `Cannot remove aggregate ${id}. Reason: Host aggregate is not empty.`);
    }
    await this.notifier.tell(ctx, 'delete', 'end', present);
  }

  async #changing(
    ctx: Ctx,
    id: number,
    event: AggregateChangeName,
    facts: Readonly<Record<string, unknown>>,
    change: (sql: EntityManager, present: Aggregate) => Promise<void>,
  ): Promise<Aggregate> {
    const { before, after } = await this.database.transaction(async (sql) => {
      const present = await this.aggregates.lock(sql, id);
      if (present === undefined) throw aggregateNotFound(id);
      await change(sql, present);
      return { before: present, after: (await this.aggregates.find(sql, id)) as Aggregate };
    });
    await this.notifier.tell(ctx, event, 'start', before, facts);
    await this.notifier.tell(ctx, event, 'end', after, facts);
    return after;
  }
}
