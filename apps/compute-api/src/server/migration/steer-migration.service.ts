import { InstanceActionRepository, LiveMigrationRepository, MigrationRepository, type MigrationRow } from '@kilonova/cell-db';
import { CellRelays } from '@kilonova/cells';
import type { ActionName } from '@kilonova/compute-objects';
import { actionRule } from '@kilonova/compute-objects';
import { type Sql, transaction } from '@kilonova/sql';
import { type AppError, type Ctx, conflict, invalid, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { refuseAction } from '../core/model/refuse-action.js';
import { newAction } from '../core/new-action.js';
import { type Caller, type ServerInCell, ServerLocator } from '../core/server-locator.service.js';
import { migrationNumber } from './migration-number.js';

/** Where what is asked of migrations is stored. */
@Injectable()
export class SteeringStores {
  constructor(
    readonly migrations: MigrationRepository,
    readonly live: LiveMigrationRepository,
    readonly actions: InstanceActionRepository,
  ) {}
}

/** One thing that may be asked of a live migration. */
interface Steering {
  readonly action: Extract<ActionName, 'abortLiveMigration' | 'forceCompleteLiveMigration'>;
  /** In the sentence of a refusal. */
  readonly verb: string;
  readonly from: readonly string[];
  readonly missing: (message: string) => AppError;
  run(sql: Sql, ctx: Ctx, migration: MigrationRow): Promise<boolean>;
}

/** How often a migration is looked at again that changed meanwhile. */
const TRIES = 3;

/** What is asked of a server's live migration while it is under way: to be aborted, or brought to its end. */
@Injectable()
export class SteerMigration {
  constructor(
    private readonly locator: ServerLocator,
    private readonly stores: SteeringStores,
    private readonly relays: CellRelays,
  ) {}

  /** @param queued whether one that does not run yet may be aborted @throws AppError 400, 404, 409 */
  abort(ctx: Ctx, caller: Caller, server: string, migration: string, queued: boolean): Promise<void> {
    const from = queued ? ['running', 'queued', 'preparing'] : ['running'];
    return this.#run(ctx, caller, server, migration, {
      action: 'abortLiveMigration',
      verb: 'abort live migration',
      from,
      missing: (message) => notFound('compute.migration.not_found', message),
      run: (sql, context, { uuid }) => this.stores.live.abort(sql, context, uuid, from),
    });
  }

  /** @throws AppError 400, 404, 409 */
  forceComplete(ctx: Ctx, caller: Caller, server: string, migration: string): Promise<void> {
    return this.#run(ctx, caller, server, migration, {
      action: 'forceCompleteLiveMigration',
      verb: 'force complete',
      from: ['running'],
      missing: (message) => invalid('compute.migration.not_found', message),
      run: (sql, context, { uuid }) => this.stores.live.forceComplete(sql, context, uuid),
    });
  }

  async #run(ctx: Ctx, caller: Caller, server: string, text: string, steering: Steering): Promise<void> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const found = await this.locator.reach(caller, server);
      const migration = found.where === 'cell' ? await this.#find(found, text) : undefined;
      if (migration !== undefined && migration.migration_type !== 'live-migration')
        throw invalid('compute.migration.type', `Migration ${text} for server ${server} is not live-migration.`);
      refuseAction(steering.action, found, caller.principal);
      if (found.where !== 'cell' || migration === undefined)
        throw steering.missing(`Migration ${text} not found for instance ${server}`);
      if (!steering.from.includes(migration.status)) throw wrongState(migration, steering.verb);
      if (await this.#accept(ctx, found, migration, steering)) return this.relays.wake(found.cell);
    }
    throw conflict('compute.server.busy', `Instance ${server} is changing too fast; try again.`);
  }

  async #find({ cell, instance }: ServerInCell, text: string): Promise<MigrationRow | undefined> {
    const id = migrationNumber(text);
    return id === undefined ? undefined : cell.run((sql) => this.stores.migrations.findOfServer(sql, instance.uuid, id));
  }

  /** False: it has left its status meanwhile; nothing was recorded. */
  #accept(ctx: Ctx, { cell, instance }: ServerInCell, migration: MigrationRow, { action, run }: Steering): Promise<boolean> {
    const recordedAs = actionRule(action).recordedAs ?? action;
    return cell.run((source) =>
      transaction(source, async (sql) => {
        const told = await run(sql, ctx, migration);
        if (told) await this.stores.actions.record(sql, newAction(ctx, recordedAs, instance.uuid));
        return told;
      }),
    );
  }
}

const wrongState = ({ id, instance_uuid, status }: MigrationRow, verb: string): AppError =>
  invalid(
    'compute.migration.state',
    `Migration ${id} state of instance ${instance_uuid} is ${status}. Cannot ${verb} while the migration is in this state.`,
  );
