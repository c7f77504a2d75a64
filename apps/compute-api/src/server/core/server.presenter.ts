import { setImmediate } from 'node:timers/promises';
import { ApiDatabase } from '@kilonova/api-db';
import { type ApiRequest, ownerOf, type PolicyTarget } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { linkBase } from '../../common/links.js';
import { Since } from '../../common/model/microversion.js';
import type { CellServer } from './cell-server.repository.js';
import { type HostState, type HostStatus, hostStatus } from './model/host-state.js';
import { partialShow } from './partial-server.view.js';
import { changedServerView, type ServerFacts, type ServerViewContext, serverView } from './server.view.js';
import { type LocatedServer, type ServerInCell, type ServerInRequest, ServerLocator } from './server-locator.service.js';
import { ServerLookupRepository } from './server-lookup.repository.js';

type Document = Record<string, unknown>;

/** Servers that are put into words before other requests get their turn. */
const AT_A_STRETCH = 50;

/** Puts servers into the words of a request: its version, and what its caller may see. */
@Injectable()
export class ServerPresenter {
  constructor(
    private readonly database: ApiDatabase,
    private readonly locator: ServerLocator,
    private readonly lookup: ServerLookupRepository,
  ) {}

  /** One server, wherever it is. Below 2.69 a server out of reach is an error. */
  async show(request: ApiRequest, server: LocatedServer): Promise<Document> {
    if (server.where !== 'unreachable') return serverView(factsOf(server), viewContext(request, ownerOf(server.entry)));
    if (request.version < Since.downCells) throw server.error;
    const spec = await this.locator.spec(server.entry.uuid);
    const { groups } = server.entry;
    return partialShow({ ...server.entry, spec }, groups, viewContext(request, ownerOf(server.entry)));
  }

  /** After a change. */
  changed(request: ApiRequest, server: ServerInCell | ServerInRequest): Document {
    return changedServerView(factsOf(server), viewContext(request, ownerOf(server.entry)));
  }

  async details(request: ApiRequest, servers: readonly CellServer[]): Promise<readonly Document[]> {
    const contextOf = contextsByOwner(request);
    const zones = await this.#pinnedZones(request.version, servers);
    const documents: Document[] = [];
    for (const { instance, host, devices } of servers) {
      const pinnedZone = zones.get(instance.uuid) ?? null;
      documents.push(
        serverView({ instance, hostStatus: hostStatusOf(instance, host), pinnedZone, devices }, contextOf(instance)),
      );
      // A long page lets the requests of others through.
      if (documents.length % AT_A_STRETCH === 0) await setImmediate();
    }
    return documents;
  }

  async #pinnedZones(version: number, servers: readonly CellServer[]): Promise<ReadonlyMap<string, string | null>> {
    if (version < Since.pinnedZone || servers.length === 0) return new Map();
    return this.lookup.pinnedZones(
      await this.database.sql(),
      servers.map(({ instance }) => instance.uuid),
    );
  }
}

const hostStatusOf = (instance: { readonly host: string | null }, host: HostState | null): HostStatus =>
  instance.host === null ? '' : host === null ? 'UNKNOWN' : hostStatus(host);

const factsOf = (server: ServerInCell | ServerInRequest): ServerFacts => ({
  instance: server.instance,
  hostStatus: server.where === 'cell' ? hostStatusOf(server.instance, server.host) : '',
  pinnedZone: server.entry.pinned_zone,
  devices: server.devices,
  groups: server.entry.groups,
});

/** The policy is asked once for each owner on a page. */
function contextsByOwner(request: ApiRequest): (instance: Owned) => ServerViewContext {
  const known = new Map<string, ServerViewContext>();
  return (instance) => {
    const key = JSON.stringify([instance.project_id, instance.user_id]);
    const context = known.get(key) ?? viewContext(request, ownerOf(instance));
    known.set(key, context);
    return context;
  };
}

type Owned = Parameters<typeof ownerOf>[0];

/** What the caller may see of an owner's servers. */
function viewContext(request: ApiRequest, target: PolicyTarget): ServerViewContext {
  const allows = (rule: string): boolean => request.allows(`os_compute_api:${rule}`, target);
  const all = allows('servers:show:host_status');
  const unknownOnly = all || allows('servers:show:host_status:unknown-only');
  return {
    version: request.version,
    withExtensions: request.extension !== undefined,
    base: linkBase(request),
    extended: allows('os-extended-server-attributes'),
    extraSpecs: allows('servers:show:flavor-extra-specs'),
    hostStatus: (status) => (all || (unknownOnly && status === 'UNKNOWN') ? status : undefined),
    faultDetails: request.principal.isAdmin,
  };
}
