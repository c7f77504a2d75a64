import { imagePropertiesOf, type PlacedTopology, placedTopology } from '@kilonova/compute-objects';
import { type ApiReply, type ApiRequest, ok, ownerOf } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { serverId } from '../core/server-id.js';
import { type ServerInCell, ServerLocator } from '../core/server-locator.service.js';
import { PlacedHardwareRepository } from './placed-hardware.repository.js';
import { topologyView } from './server-topology.view.js';

const NONE: PlacedTopology = { cells: [], page_kb: null };

/** The NUMA topology of a server: how it lies on its host, as the host's agent told last. */
@Injectable()
export class ServerTopologyController {
  constructor(
    private readonly locator: ServerLocator,
    private readonly hardware: PlacedHardwareRepository,
  ) {}

  async show(request: ApiRequest): Promise<ApiReply> {
    const found = await this.locator.reach(request, serverId(request));
    const topology = found.where === 'cell' ? await this.#placed(found) : NONE;
    return ok(topologyView(topology, request.allows('compute:server:topology:host:index', ownerOf(found.entry))));
  }

  async #placed({ cell, instance }: ServerInCell): Promise<PlacedTopology> {
    const { compute_node_uuid: node, uuid, flavor } = instance;
    const known = node === null ? undefined : await cell.run((sql) => this.hardware.find(sql, node, uuid));
    if (known?.held == null) return NONE;
    return placedTopology(flavor, imagePropertiesOf(instance), known.held.cells, known.cells ?? []);
  }
}
