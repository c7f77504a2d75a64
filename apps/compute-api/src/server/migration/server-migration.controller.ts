import { LIVE_UNDER_WAY, MigrationRepository, type MigrationRow } from '@kilonova/cell-db';
import { type ApiReply, type ApiRequest, accepted, ok } from '@kilonova/http';
import { type AppError, notFound } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { Since } from '../../common/model/microversion.js';
import { serverId } from '../core/server-id.js';
import { type LocatedServer, ServerLocator } from '../core/server-locator.service.js';
import { migrationNumber } from './migration-number.js';
import { serverMigrationView } from './server-migration.view.js';
import { SteerMigration } from './steer-migration.service.js';

/** Live migrations of a server while they are under way. */
@Injectable()
export class ServerMigrationController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly migrations: MigrationRepository,
    private readonly steerMigration: SteerMigration,
  ) {}

  async index(request: ApiRequest): Promise<ApiReply> {
    const found = await this.locator.reach(request, serverId(request));
    const live =
      found.where === 'cell' ? await found.cell.run((sql) => this.migrations.liveOfServer(sql, found.instance.uuid)) : [];
    return ok({ migrations: live.map((row) => serverMigrationView(request, row)) });
  }

  /** @throws AppError 404 for what is no live migration of the server, or not under way */
  async show(request: ApiRequest): Promise<ApiReply> {
    const found = await this.locator.reach(request, serverId(request));
    const row = await this.#find(found, request.params['migration'] as string);
    if (row === undefined)
      throw notShown(request, (id, server) => `In-progress live migration ${id} is not found for server ${server}.`);
    if (row.migration_type !== 'live-migration')
      throw notShown(request, (id, server) => `Migration ${id} for server ${server} is not live-migration.`);
    if (!LIVE_UNDER_WAY.includes(row.status))
      throw notShown(request, (id, server) => `Live migration ${id} for server ${server} is not in progress.`);
    return ok({ migration: serverMigrationView(request, row) });
  }

  async abort(request: ApiRequest): Promise<ApiReply> {
    const queued = request.version >= Since.abortQueuedMigrations;
    await this.steerMigration.abort(request.ctx, request, serverId(request), request.params['migration'] as string, queued);
    return accepted();
  }

  async forceComplete(request: ApiRequest<unknown>): Promise<ApiReply> {
    await this.steerMigration.forceComplete(request.ctx, request, serverId(request), request.params['migration'] as string);
    return accepted();
  }

  async #find(found: LocatedServer, text: string): Promise<MigrationRow | undefined> {
    const id = migrationNumber(text);
    if (found.where !== 'cell' || id === undefined) return undefined;
    return found.cell.run((sql) => this.migrations.findOfServer(sql, found.instance.uuid, id));
  }
}

const notShown = (request: ApiRequest, say: (id: string, server: string) => string): AppError =>
  notFound('compute.migration.not_found', say(request.params['migration'] as string, serverId(request)));
