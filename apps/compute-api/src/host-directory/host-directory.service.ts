import { AggregateRepository, ApiDatabase, HostMappingRepository } from '@kilonova/api-db';
import { ComputeNodeRepository, type ComputeNodeRow, type SeenService, ServiceRepository } from '@kilonova/cell-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';
import { COMPUTE_BINARY, isServiceUp, zoneOfService } from './model/service-state.js';
import { wideId } from './model/wide-id.js';

/** A service with where it is, as of now. */
export interface LocatedService {
  readonly service: SeenService;
  /** Undefined: a service of the API level. */
  readonly cell: Cell | undefined;
  readonly wideId: number;
  readonly zone: string;
  readonly isUp: boolean;
}

/** A node with the service that runs it. */
export interface LocatedNode {
  readonly node: ComputeNodeRow;
  readonly cell: Cell;
  readonly wideId: number;
  readonly owner: LocatedService;
}

export interface ServiceFilter {
  readonly host?: string;
  readonly binary?: string;
}

export interface ServiceListing {
  readonly services: readonly LocatedService[];
  /** Hosts of which nothing is known now, since their cell does not answer. */
  readonly unknownHosts: readonly string[];
}

/** Finds services and nodes wherever they are: at the API level and in every cell, side by side. */
@Injectable()
export class HostDirectory {
  readonly #services = new ServiceRepository();
  readonly #nodes = new ComputeNodeRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly aggregates: AggregateRepository,
    private readonly mappings: HostMappingRepository,
    private readonly settings: ComputeSettings,
  ) {}

  /** Services in the order of the API level, then of the cells. */
  async services(filter: ServiceFilter = {}): Promise<ServiceListing> {
    const api = await this.database.sql();
    const cells = (await this.cells.list()).filter((cell) => !cell.isCell0);
    const [own, answers, zones] = await Promise.all([
      this.#services.list(api, filter),
      this.cells.scatter((sql) => this.#services.list(sql, filter), { cells }),
      this.aggregates.zones(api),
    ]);
    const down = answers.filter((answer) => answer.outcome !== 'value').map(({ cell }) => cell);
    const located = answers.flatMap((answer) =>
      answer.outcome === 'value' ? answer.value.map((service) => this.#locate(service, answer.cell, zones)) : [],
    );
    return {
      services: [...own.map((service) => this.#locate(service, undefined, zones)), ...located],
      unknownHosts: await this.#hostsOf(down, filter),
    };
  }

  /** The compute service of a host, wherever it is. */
  async computeService(host: string): Promise<LocatedService | undefined> {
    return (await this.services({ host, binary: COMPUTE_BINARY })).services[0];
  }

  /** Nodes that have a service, ordered by cell and row. */
  async nodes(): Promise<readonly LocatedNode[]> {
    const cells = (await this.cells.list()).filter((cell) => !cell.isCell0);
    const [answers, zones] = await Promise.all([
      this.cells.scatter(
        async (sql) => ({
          nodes: await this.#nodes.list(sql),
          services: await this.#services.list(sql, { binary: COMPUTE_BINARY }),
        }),
        { cells },
      ),
      this.aggregates.zones(await this.database.sql()),
    ]);
    return answers.flatMap((answer) => {
      if (answer.outcome !== 'value') return [];
      const { cell, value } = answer;
      const owners = new Map(value.services.map((service) => [service.host, this.#locate(service, cell, zones)]));
      return value.nodes.flatMap((node) => {
        const owner = owners.get(node.host);
        return owner === undefined ? [] : [{ node, cell, owner, wideId: wideId(cell.id, node.id) }];
      });
    });
  }

  #locate(service: SeenService, cell: Cell | undefined, zones: ReadonlyMap<string, string>): LocatedService {
    const { defaultAvailabilityZone: usual, internalServiceAvailabilityZone: internal } = this.settings.api;
    return {
      service,
      cell,
      wideId: wideId(cell?.id, service.id),
      zone: zoneOfService(service, zones, { usual, internal }),
      isUp: isServiceUp(service, this.settings.serviceDownMs),
    };
  }

  async #hostsOf(down: readonly Cell[], filter: ServiceFilter): Promise<string[]> {
    if (filter.binary !== undefined && filter.binary !== COMPUTE_BINARY) return [];
    const sql = await this.database.sql();
    const mappings = await Promise.all(down.map((cell) => this.mappings.list(sql, cell.uuid)));
    return mappings
      .flat()
      .map(({ host }) => host)
      .filter((host) => filter.host === undefined || host === filter.host);
  }
}
