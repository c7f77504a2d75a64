import { Inject, Injectable } from '@nestjs/common';
import { lockProvider, raiseGeneration } from './provider-lock.js';
import { PlacementDatabase, type Sql } from './sql.js';

/** The traits of a provider. */
export interface ProviderTraits {
  readonly generation: number;
  readonly traits: readonly string[];
  readonly modified: Date | undefined;
}

export type ProviderTraitOutcome =
  | ({ readonly outcome: 'written' } & ProviderTraits)
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'generation-conflict' }
  | { readonly outcome: 'unknown-traits'; readonly names: readonly string[] };

const LIST = `
  SELECT p.generation, t.name, greatest(t.created_at, t.updated_at) AS modified FROM resource_providers p
  LEFT JOIN resource_provider_traits l ON l.resource_provider_id = p.id
  LEFT JOIN traits t ON t.id = l.trait_id
  WHERE p.uuid = $1 ORDER BY t.id`;

/** Which traits a provider has. The generation is raised when the set changes. */
@Injectable()
export class ProviderTraitRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  list(providerUuid: string): Promise<ProviderTraits | undefined> {
    return listTraits(this.db, providerUuid);
  }

  /** Replaces a provider's traits; an undefined generation is not compared. */
  replace(providerUuid: string, generation: number | undefined, names: readonly string[]): Promise<ProviderTraitOutcome> {
    return this.db.transaction(async (tx) => {
      const unknown = await unknownTraits(tx, names);
      const provider = await lockProvider(tx, providerUuid);
      if (provider === undefined) return { outcome: 'not-found' };
      if (generation !== undefined && generation !== provider.generation) return { outcome: 'generation-conflict' };
      if (unknown.length > 0) return { outcome: 'unknown-traits', names: unknown };
      if (await setTraits(tx, provider.id, names)) await raiseGeneration(tx, provider.id);
      return { outcome: 'written', ...((await listTraits(tx, providerUuid)) as ProviderTraits) };
    });
  }
}

async function listTraits(sql: Sql, providerUuid: string): Promise<ProviderTraits | undefined> {
  const rows = await sql.query<{ generation: number; name: string | null; modified: Date }>(LIST, [providerUuid]);
  const head = rows[0];
  if (head === undefined) return undefined;
  const present = rows.filter((row) => row.name !== null);
  const modified = present.length === 0 ? undefined : new Date(Math.max(...present.map((row) => row.modified.getTime())));
  return { generation: head.generation, traits: present.map((row) => row.name as string), modified };
}

async function unknownTraits(tx: Sql, names: readonly string[]): Promise<string[]> {
  const sql = `SELECT DISTINCT n AS name FROM unnest($1::text[]) AS n
               WHERE NOT EXISTS (SELECT FROM traits t WHERE t.name = n) ORDER BY n`;
  return (await tx.query<{ name: string }>(sql, [names])).map((row) => row.name);
}

/** True when that changed anything. */
async function setTraits(tx: Sql, providerId: number, names: readonly string[]): Promise<boolean> {
  const gone = await tx.query(
    `DELETE FROM resource_provider_traits l USING traits t
     WHERE l.resource_provider_id = $1 AND t.id = l.trait_id AND t.name <> ALL ($2::text[]) RETURNING t.id`,
    [providerId, names],
  );
  const come = await tx.query(
    `INSERT INTO resource_provider_traits (resource_provider_id, trait_id)
     SELECT $1, id FROM traits WHERE name = ANY ($2::text[]) ON CONFLICT DO NOTHING RETURNING trait_id`,
    [providerId, names],
  );
  return gone.length + come.length > 0;
}
