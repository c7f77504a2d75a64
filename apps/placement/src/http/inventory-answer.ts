import { type JsonFloat, pythonFloat } from '@kilonova/http';
import { badRequest, ErrorCode, missing, refused } from '../errors.js';
import { type Inventories, type Inventory, type InventoryRefusal, MAX_INTEGER, reservedFits } from '../model/inventory.js';
import { noSuchProvider } from './provider-answer.js';

/** An inventory as it travels; all but the total may be left out. */
export interface InventoryBody {
  readonly total: number;
  readonly reserved?: number;
  readonly min_unit?: number;
  readonly max_unit?: number;
  readonly step_size?: number;
  readonly allocation_ratio?: number;
}

/** What a caller wrote, with defaults in the gaps. */
export const toInventory = (body: InventoryBody): Inventory => ({
  total: body.total,
  reserved: body.reserved ?? 0,
  minUnit: body.min_unit ?? 1,
  maxUnit: body.max_unit ?? MAX_INTEGER,
  stepSize: body.step_size ?? 1,
  allocationRatio: body.allocation_ratio ?? 1.0,
});

export const toInventories = (bodies: Readonly<Record<string, InventoryBody>>): Inventories =>
  new Map(Object.entries(bodies).map(([name, body]) => [name, toInventory(body)]));

/** An inventory as it is shown; the ratio is a float whatever its value. */
export const inventoryBody = (inventory: Inventory): Record<keyof InventoryBody, number | JsonFloat> => ({
  total: inventory.total,
  reserved: inventory.reserved,
  min_unit: inventory.minUnit,
  max_unit: inventory.maxUnit,
  step_size: inventory.stepSize,
  allocation_ratio: pythonFloat(inventory.allocationRatio),
});

export const inventoriesBody = (generation: number, inventories: Inventories): Record<string, unknown> => ({
  resource_provider_generation: generation,
  inventories: Object.fromEntries([...inventories].map(([name, inventory]) => [name, inventoryBody(inventory)])),
});

/** What is being done, in the words of an error. */
export type InventoryDoing = 'create' | 'update' | 'delete';

/** @throws AppError (400) when more is reserved than the microversion allows. */
export function requireCapacity(uuid: string, inventories: Inventories, mayReserveAll: boolean, doing: InventoryDoing): void {
  for (const [name, inventory] of inventories) {
    if (reservedFits(inventory, mayReserveAll)) continue;
    const relation = mayReserveAll ? 'greater than total' : 'greater than or equal to total';
    throw badRequest(
      `Unable to ${doing} inventory for resource provider ${uuid}: Invalid inventory for '${name}' on resource provider ` +
        `'${uuid}'. The reserved value is ${relation}.`,
    );
  }
}

/** A refused write in a client's terms. */
export function inventoryFault(uuid: string, refusal: InventoryRefusal, doing: InventoryDoing): Error {
  switch (refusal.outcome) {
    case 'not-found':
      return noSuchProvider(uuid);
    case 'generation-conflict':
      return refused('resource provider generation conflict', ErrorCode.concurrentUpdate);
    case 'unknown-class':
      return badRequest(
        `Unknown resource class in inventory for resource provider ${uuid}: No such resource class ${refusal.class}.`,
      );
    case 'exists':
      return refused(
        `Update conflict: Inventory of class ${refusal.class} already exists on resource provider ${uuid}.`,
        ErrorCode.concurrentUpdate,
      );
    case 'no-inventory':
      return doing === 'delete'
        ? missing(`No inventory of class ${refusal.class} found for delete`)
        : badRequest(
            `No inventory record with resource class for resource provider ${uuid}: No inventory of class ${refusal.class} found.`,
          );
    case 'in-use':
      return refused(
        `Unable to ${doing} inventory for resource provider ${uuid}: Inventory for '${refusal.classes.join(', ')}' on resource ` +
          `provider '${uuid}' in use.`,
        ErrorCode.inventoryInUse,
      );
  }
}
