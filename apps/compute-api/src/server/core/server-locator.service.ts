import { ApiDatabase } from '@kilonova/api-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import type { BlockDevice, Instance, RequestSpec } from '@kilonova/compute-objects';
import { type ApiRequest, ownerOf } from '@kilonova/http';
import { AppError, isUuid, notFound, type Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../common/settings.js';
import { CellServerRepository } from './cell-server.repository.js';
import type { HostState } from './model/host-state.js';
import { type ServerEntry, ServerLookupRepository } from './server-lookup.repository.js';

/** A server in its cell. */
export interface ServerInCell {
  readonly where: 'cell';
  readonly entry: ServerEntry;
  readonly cell: Cell;
  readonly instance: Instance;
  readonly host: HostState | null;
  readonly devices: readonly BlockDevice[];
}

/** A server that no cell has yet. */
export interface ServerInRequest {
  readonly where: 'request';
  readonly entry: ServerEntry;
  readonly instance: Instance;
  readonly devices: readonly BlockDevice[];
}

/** A server whose cell does not answer. */
export interface ServerOutOfReach {
  readonly where: 'unreachable';
  readonly entry: ServerEntry;
  readonly cell: Cell;
  readonly error: AppError;
}

export type LocatedServer = ServerInCell | ServerInRequest | ServerOutOfReach;

/** Who asks for a server, and by which rule of the policy. Every request is one. */
export type Caller = Pick<ApiRequest, 'principal' | 'rule' | 'authorize'>;

/** How often a server is looked for again that moved to its cell between two statements. */
const TRIES = 3;

export const serverNotFound = (id: string): AppError =>
  notFound('compute.server.not_found', `Instance ${id} could not be found.`);

/**
 * Finds servers wherever they are: in the request that waits for a cell, or in their cell. Nobody gets one here whom the
 * policy does not allow what they are about to do with it.
 */
@Injectable()
export class ServerLocator {
  constructor(
    private readonly database: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly settings: ComputeSettings,
    private readonly cellServers: CellServerRepository,
    private readonly lookup: ServerLookupRepository,
  ) {}

  /** @throws AppError 404 for what is not there; a server of others is not told from none. 403 when the caller's rule does not allow it. */
  async locate(caller: Caller, id: string): Promise<LocatedServer> {
    if (!isUuid(id)) throw serverNotFound(id);
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const entry = await this.entry(caller.principal, id);
      if (entry === undefined) throw serverNotFound(id);
      const found = await this.#whereItIs(entry);
      if (found === undefined) continue;
      caller.authorize(caller.rule, ownerOf(entry));
      return found;
    }
    throw serverNotFound(id);
  }

  /** Like `locate`, for what needs the cell. @throws AppError 503 when the cell does not answer. */
  async reach(caller: Caller, id: string): Promise<ServerInCell | ServerInRequest> {
    const found = await this.locate(caller, id);
    if (found.where === 'unreachable') throw found.error;
    return found;
  }

  /** The mapping alone, deleted servers included. @throws AppError 404, 403 */
  async authorizedEntry(caller: Caller, id: string): Promise<ServerEntry> {
    const entry = await this.entry(caller.principal, id);
    if (entry === undefined) throw serverNotFound(id);
    caller.authorize(caller.rule, ownerOf(entry));
    return entry;
  }

  /** The same without a word on what the caller may do with the server: only whether it is visible. */
  async entry(principal: Principal, id: string): Promise<ServerEntry | undefined> {
    if (!isUuid(id)) return undefined;
    const entry = await this.lookup.find(await this.database.sql(), id.toLowerCase());
    return entry !== undefined && (principal.isAdmin || entry.project_id === principal.projectId) ? entry : undefined;
  }

  async cellOf(entry: ServerEntry): Promise<Cell> {
    const cell = entry.cell_id === null ? undefined : await this.cells.findById(entry.cell_id);
    if (cell === undefined) throw serverNotFound(entry.uuid);
    return cell;
  }

  async spec(uuid: string): Promise<RequestSpec | null> {
    return this.lookup.spec(await this.database.sql(), uuid);
  }

  async #whereItIs(entry: ServerEntry): Promise<LocatedServer | undefined> {
    if (entry.cell_id === null)
      return entry.instance === null ? undefined : { where: 'request', entry, instance: entry.instance, devices: entry.devices };
    const cell = await this.cellOf(entry);
    try {
      const found = await cell.run((sql) => this.cellServers.find(sql, entry.uuid, this.settings.serviceDownMs));
      if (found === undefined) throw serverNotFound(entry.uuid);
      return { where: 'cell', entry, cell, ...found };
    } catch (raw) {
      const error = AppError.from(raw);
      if (error.kind !== 'dependency') throw raw;
      return { where: 'unreachable', entry, cell, error };
    }
  }
}
