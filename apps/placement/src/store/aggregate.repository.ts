import { Inject, Injectable } from '@nestjs/common';
import { lockProvider, raiseGeneration } from './provider-lock.js';
import { PlacementDatabase, type Sql } from './sql.js';

/** The aggregates of a provider. */
export interface ProviderAggregates {
  readonly generation: number;
  readonly aggregates: readonly string[];
}

export type AggregateOutcome =
  | ({ readonly outcome: 'written' } & ProviderAggregates)
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'generation-conflict' };

const LIST = `
  SELECT p.generation, a.uuid FROM resource_providers p
  LEFT JOIN resource_provider_aggregates l ON l.resource_provider_id = p.id
  LEFT JOIN placement_aggregates a ON a.id = l.aggregate_id
  WHERE p.uuid = $1 ORDER BY a.id`;

/** Which providers belong together. An aggregate exists from its first mention on. */
@Injectable()
export class AggregateRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  list(providerUuid: string): Promise<ProviderAggregates | undefined> {
    return listAggregates(this.db, providerUuid);
  }

  /** Replaces a provider's aggregates. With a generation it is compared and raised, without (below 1.19) neither. */
  replace(providerUuid: string, generation: number | undefined, uuids: readonly string[]): Promise<AggregateOutcome> {
    return this.db.transaction(async (tx) => {
      const provider = await lockProvider(tx, providerUuid);
      if (provider === undefined) return { outcome: 'not-found' };
      if (generation !== undefined && generation !== provider.generation) return { outcome: 'generation-conflict' };
      await setAggregates(tx, provider.id, uuids);
      if (generation !== undefined) await raiseGeneration(tx, provider.id);
      return { outcome: 'written', ...((await listAggregates(tx, providerUuid)) as ProviderAggregates) };
    });
  }
}

async function listAggregates(sql: Sql, providerUuid: string): Promise<ProviderAggregates | undefined> {
  const rows = await sql.query<{ generation: number; uuid: string | null }>(LIST, [providerUuid]);
  const head = rows[0];
  return head && { generation: head.generation, aggregates: rows.flatMap((row) => row.uuid ?? []) };
}

async function setAggregates(tx: Sql, providerId: number, uuids: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO placement_aggregates (uuid) SELECT n.uuid FROM unnest($1::uuid[]) WITH ORDINALITY AS n (uuid, place)
     WHERE NOT EXISTS (SELECT FROM placement_aggregates a WHERE a.uuid = n.uuid) ORDER BY n.place ON CONFLICT DO NOTHING`,
    [uuids],
  );
  await tx.query(
    `DELETE FROM resource_provider_aggregates l USING placement_aggregates a
     WHERE l.resource_provider_id = $1 AND a.id = l.aggregate_id AND a.uuid <> ALL ($2::uuid[])`,
    [providerId, uuids],
  );
  await tx.query(
    `INSERT INTO resource_provider_aggregates (resource_provider_id, aggregate_id)
     SELECT $1, id FROM placement_aggregates WHERE uuid = ANY ($2::uuid[]) ON CONFLICT DO NOTHING`,
    [providerId, uuids],
  );
}
