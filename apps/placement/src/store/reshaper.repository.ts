import { Inject, Injectable } from '@nestjs/common';
import type { ConsumerClaim, ReshapeOutcome } from '../model/allocation.js';
import type { Inventories } from '../model/inventory.js';
import { allocationColumns, type ClaimRow, comparableGeneration, consumerColumns, toReshapeOutcome } from './claim.mapper.js';
import { amountColumns } from './inventory.mapper.js';
import { first, PlacementDatabase, type Sql } from './sql.js';

/** The inventories that a provider shall have after a reshape. */
export interface ReshapedProvider {
  readonly providerUuid: string;
  readonly generation: number;
  readonly inventories: Inventories;
}

const RESHAPE = `
  SELECT * FROM placement_reshape(
    $1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::float8[],
    $11::uuid[], $12::int[], $13::text[], $14::text[], $15::text[], $16::uuid[], $17::uuid[], $18::text[], $19::int[])`;

/** Thrown inside the transaction to undo it; never leaves this file. */
class Undo extends Error {
  constructor(readonly outcome: ReshapeOutcome) {
    super(outcome.outcome);
  }
}

/** Moves inventory and what is allocated from it in one step, so that nobody sees it half done. */
@Injectable()
export class ReshaperRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  /** All of it or, on any outcome but 'ok', nothing. */
  async reshape(providers: readonly ReshapedProvider[], claims: readonly ConsumerClaim[]): Promise<ReshapeOutcome> {
    try {
      return await this.db.transaction((tx) => run(tx, providers, claims));
    } catch (error) {
      if (error instanceof Undo) return error.outcome;
      throw error;
    }
  }
}

async function run(tx: Sql, providers: readonly ReshapedProvider[], claims: readonly ConsumerClaim[]): Promise<ReshapeOutcome> {
  const rows = providers.flatMap((provider) =>
    [...provider.inventories].map(([name, inventory]) => ({ uuid: provider.providerUuid, name, inventory })),
  );
  const row = await first<ClaimRow>(tx, RESHAPE, [
    providers.map((provider) => provider.providerUuid),
    providers.map((provider) => comparableGeneration(provider.generation)),
    rows.map((each) => each.uuid),
    rows.map((each) => each.name),
    ...amountColumns(rows.map((each) => each.inventory)),
    ...consumerColumns(claims),
    ...allocationColumns(claims),
  ]);
  const outcome = toReshapeOutcome(row as ClaimRow);
  if (outcome.outcome !== 'ok') throw new Undo(outcome);
  return outcome;
}
