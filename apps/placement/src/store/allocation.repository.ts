import { SQLSTATE, sqlState } from '@kilonova/sql';
import { AppError } from '@kilonova/util';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { ClaimOutcome, ConsumerAllocations, ConsumerClaim, ProviderAllocations } from '../model/allocation.js';
import { type ClaimRow, claimArguments, takeArguments, toClaimOutcome } from './claim.mapper.js';
import { ClaimBatches, mayBeBatched, providerOf } from './claim-batches.js';
import { ClaimTurns } from './claim-turns.js';
import { first, PlacementDatabase } from './sql.js';

const OF_CONSUMER = `
  SELECT p.uuid AS provider, p.generation, k.name AS class, a.used, pr.external_id AS "projectId", u.external_id AS "userId",
         c.generation AS "consumerGeneration", t.name AS "consumerType", greatest(a.created_at, a.updated_at) AS modified
  FROM allocations a
  JOIN consumers c ON c.uuid = a.consumer_id
  JOIN projects pr ON pr.id = c.project_id
  JOIN users u ON u.id = c.user_id
  LEFT JOIN consumer_types t ON t.id = c.consumer_type_id
  JOIN resource_providers p ON p.id = a.resource_provider_id
  JOIN resource_classes k ON k.id = a.resource_class_id
  WHERE a.consumer_id = $1 ORDER BY a.id`;

const OF_PROVIDER = `
  SELECT p.generation, a.consumer_id AS consumer, c.generation AS "consumerGeneration", k.name AS class, a.used,
         greatest(a.created_at, a.updated_at) AS modified
  FROM resource_providers p
  LEFT JOIN (allocations a JOIN consumers c ON c.uuid = a.consumer_id JOIN resource_classes k ON k.id = a.resource_class_id)
    ON a.resource_provider_id = p.id
  WHERE p.uuid = $1 ORDER BY a.id`;

const CLAIM = `
  SELECT * FROM placement_claim($1::uuid[], $2, $3::int[], $4::text[], $5::text[], $6::text[],
                                $7::uuid[], $8::uuid[], $9::text[], $10::int[])`;

const TAKE_EACH = `
  SELECT placement_take_each($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[],
                             $6::uuid[], $7::text[], $8::int[]) AS taken`;

const BATCHES = { atOnce: 2, size: 16, line: 10_000 };

interface ConsumerRow extends Omit<ConsumerAllocations, 'providers'> {
  readonly provider: string;
  readonly generation: number;
  readonly class: string;
  readonly used: number;
}

interface ProviderRow {
  readonly generation: number;
  readonly consumer: string | null;
  readonly consumerGeneration: number;
  readonly class: string;
  readonly used: number;
  readonly modified: Date;
}

/** Who holds what. A claim is one statement and one round trip; its rules are in the functions of the migration. */
@Injectable()
export class AllocationRepository {
  readonly #batches = new ClaimBatches((claims) => this.#takeEach(claims), BATCHES);

  /** @param turns left out: as many at once as there are connections. */
  constructor(
    @Inject(PlacementDatabase) private readonly db: PlacementDatabase,
    @Optional() @Inject(ClaimTurns) private readonly turns?: ClaimTurns,
  ) {}

  /** undefined when the consumer holds nothing. */
  async ofConsumer(consumerUuid: string): Promise<ConsumerAllocations | undefined> {
    const rows = await this.db.query<ConsumerRow>(OF_CONSUMER, [consumerUuid]);
    const head = rows[0];
    if (head === undefined) return undefined;
    const { projectId, userId, consumerGeneration, consumerType } = head;
    const providers = groupResources(
      rows,
      (row) => row.provider,
      (row) => row.generation,
    );
    return { projectId, userId, consumerGeneration, consumerType, modified: newest(rows), providers };
  }

  /** undefined when there is no such provider. */
  async ofProvider(providerUuid: string): Promise<ProviderAllocations | undefined> {
    const rows = await this.db.query<ProviderRow>(OF_PROVIDER, [providerUuid]);
    const head = rows[0];
    if (head === undefined) return undefined;
    const held = rows.filter((row) => row.consumer !== null);
    return {
      generation: head.generation,
      modified: held.length === 0 ? undefined : newest(held),
      consumers: groupResources(
        held,
        (row) => row.consumer as string,
        (row) => row.consumerGeneration,
      ),
    };
  }

  /** Replaces what the consumers hold, all of it or, on a refusal, nothing. */
  async claim(claims: readonly ConsumerClaim[]): Promise<ClaimOutcome> {
    const [one, ...more] = claims;
    const provider = one === undefined ? '' : providerOf(one);
    if (one !== undefined && more.length === 0 && mayBeBatched(one) && this.turns?.isCrowded(provider) === true) {
      if (await this.#batches.take(one)) return { outcome: 'ok' };
    }
    const ask = () => first<ClaimRow>(this.db, CLAIM, claimArguments(claims));
    return toClaimOutcome((await (this.turns?.run(provider, ask) ?? ask())) as ClaimRow);
  }

  /**
   * Where one claim spoils a batch, for want of a lock or as it cannot be stored, all are claimed one by one. Of a database that
   * went away nobody knows whether it stored them: claimed again, they would be told of a conflict with themselves.
   */
  async #takeEach(claims: readonly ConsumerClaim[]): Promise<readonly boolean[]> {
    try {
      return (await first<{ taken: boolean[] }>(this.db, TAKE_EACH, takeArguments(claims)))?.taken ?? [];
    } catch (error) {
      const spoilt = error instanceof AppError ? error.kind === 'invalid-input' : sqlState(error) === SQLSTATE.lockNotAvailable;
      if (spoilt) return [];
      throw error;
    }
  }

  /** Gives back all that a consumer holds; false when that is nothing. */
  async release(consumerUuid: string): Promise<boolean> {
    const row = await first<{ released: boolean }>(this.db, 'SELECT placement_release($1) AS released', [consumerUuid]);
    return row?.released === true;
  }
}

interface HeldRow {
  readonly class: string;
  readonly used: number;
}

function groupResources<Row extends HeldRow>(rows: readonly Row[], key: (row: Row) => string, generation: (row: Row) => number) {
  const groups = new Map<string, { generation: number; resources: Record<string, number> }>();
  for (const row of rows) {
    const group = groups.get(key(row)) ?? { generation: generation(row), resources: {} };
    group.resources[row.class] = row.used;
    groups.set(key(row), group);
  }
  return groups;
}

const newest = (rows: readonly { modified: Date }[]): Date =>
  new Date(rows.reduce((at, row) => Math.max(at, row.modified.getTime()), 0));
