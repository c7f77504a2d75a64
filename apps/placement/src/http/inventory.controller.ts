import { type ApiReply, type ApiRequest, HttpFault } from '@kilonova/http';
import { Inject, Injectable } from '@nestjs/common';
import { ErrorCode, missing, refused } from '../errors.js';
import type { Inventory, InventoryOutcome } from '../model/inventory.js';
import { InventoryRepository } from '../store/inventory.repository.js';
import { type AnyRequest, answer, freshness, location, noContent, param, unkept } from './answers.js';
import {
  type InventoryBody,
  type InventoryDoing,
  inventoriesBody,
  inventoryBody,
  inventoryFault,
  requireCapacity,
  toInventories,
  toInventory,
} from './inventory-answer.js';
import { noSuchProvider, providerPath, providerUuid } from './provider-answer.js';
import { Since } from './versions.js';

type NewInventory = InventoryBody & { readonly resource_class: string };
type ChangedInventory = InventoryBody & { readonly resource_provider_generation: number };

interface AllInventories {
  readonly resource_provider_generation: number;
  readonly inventories: Readonly<Record<string, InventoryBody>>;
}

type Written = Extract<InventoryOutcome, { outcome: 'written' }>;

/** What a provider has of each class. */
@Injectable()
export class InventoryController {
  constructor(@Inject(InventoryRepository) private readonly inventories: InventoryRepository) {}

  /** A provider without inventories has nothing whose last change could be told. */
  async list(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const found = await this.inventories.list(uuid);
    if (found === undefined) throw noSuchProvider(uuid);
    const body = inventoriesBody(found.generation, found.inventories);
    return found.modified === undefined ? { status: 200, body, headers: unkept(request) } : answer(request, body, found.modified);
  }

  async show(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const name = param(request, 'resource_class');
    const found = await this.inventories.list(uuid);
    if (found === undefined) throw noSuchProvider(uuid);
    const inventory = found.inventories.get(name);
    if (inventory === undefined) throw missing(`No inventory of class ${name} for ${uuid}`);
    return answer(request, one(inventory, found.generation), found.modified);
  }

  async create(request: ApiRequest<NewInventory>): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const { resource_class: name, ...body } = request.body;
    const inventory = toInventory(body);
    requireCapacity(uuid, new Map([[name, inventory]]), mayReserveAll(request), 'create');
    const written = done(uuid, await this.inventories.add(uuid, name, inventory), 'create');
    const headers = {
      ...location(request, `${providerPath(uuid)}/inventories/${name}`),
      ...freshness(request, written.modified),
    };
    return { status: 201, body: one(inventory, written.generation), headers };
  }

  async replaceAll(request: ApiRequest<AllInventories>): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const { resource_provider_generation: generation, inventories: bodies } = request.body;
    const inventories = toInventories(bodies);
    requireCapacity(uuid, inventories, mayReserveAll(request), 'update');
    const written = done(uuid, await this.inventories.replaceAll(uuid, generation, inventories), 'update');
    return answer(request, inventoriesBody(written.generation, inventories), written.modified);
  }

  async replaceOne(request: ApiRequest<ChangedInventory>): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const name = param(request, 'resource_class');
    const inventory = toInventory(request.body);
    requireCapacity(uuid, new Map([[name, inventory]]), mayReserveAll(request), 'update');
    const outcome = await this.inventories.replaceOne(uuid, request.body.resource_provider_generation, name, inventory);
    const written = done(uuid, outcome, 'update');
    return answer(request, one(inventory, written.generation), written.modified);
  }

  /** Below 1.5 the URL is there, but not this method. */
  removeAllTooEarly(): ApiReply {
    throw new HttpFault({
      status: 405,
      message: 'The method specified is not allowed for this resource.',
      headers: { allow: 'GET, POST, PUT' },
    });
  }

  async removeAll(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    done(uuid, await this.inventories.removeAll(uuid), 'delete');
    return noContent();
  }

  /** In use is told with the code of a race here: that is what clients of this one call look for. */
  async removeOne(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const name = param(request, 'resource_class');
    const outcome = await this.inventories.removeOne(uuid, name);
    if (outcome.outcome === 'in-use') {
      throw refused(
        `Unable to delete inventory of class ${name}: Inventory for '${name}' on resource provider '${uuid}' in use.`,
        ErrorCode.concurrentUpdate,
      );
    }
    done(uuid, outcome, 'delete');
    return noContent();
  }
}

const mayReserveAll = ({ version }: Pick<AnyRequest, 'version'>): boolean => version >= Since.reserveAll;

const one = (inventory: Inventory, generation: number): Record<string, unknown> => ({
  resource_provider_generation: generation,
  ...inventoryBody(inventory),
});

function done(uuid: string, outcome: InventoryOutcome, doing: InventoryDoing): Written {
  if (outcome.outcome !== 'written') throw inventoryFault(uuid, outcome, doing);
  return outcome;
}
