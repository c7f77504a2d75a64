import type { ClaimOutcome, ConsumerClaim, ReshapeOutcome } from '../model/allocation.js';

/** A row of type `claim_outcome`. */
export interface ClaimRow {
  readonly outcome: ReshapeOutcome['outcome'];
  readonly consumer: string | null;
  readonly provider: string | null;
  readonly class: string | null;
  readonly expected: number | null;
  readonly actual: number | null;
}

const GENERATION_LIMIT = 2 ** 31 - 1;

/** A generation as the database can compare it. One past its column is nobody's, and so a conflict like any wrong one. */
export const comparableGeneration = (given: number): number => Math.max(-GENERATION_LIMIT, Math.min(given, GENERATION_LIMIT));

/** The consumers' parallel arrays: uuid, expected generation, project, user, type. */
export const consumerColumns = (claims: readonly ConsumerClaim[]): unknown[] => [
  claims.map((claim) => claim.consumerUuid),
  claims.map(({ generation }) => (generation == null ? null : comparableGeneration(generation))),
  claims.map((claim) => claim.projectId),
  claims.map((claim) => claim.userId),
  claims.map((claim) => claim.consumerType ?? null),
];

/** The allocations' parallel arrays: consumer, provider, class, amount. */
export function allocationColumns(claims: readonly ConsumerClaim[]): unknown[] {
  const rows = claims.flatMap((claim) => claim.wants.map((want) => ({ consumer: claim.consumerUuid, ...want })));
  return [
    rows.map((row) => row.consumer),
    rows.map((row) => row.providerUuid),
    rows.map((row) => row.class),
    rows.map((row) => row.amount),
  ];
}

/** The arguments of `placement_claim`. Generations are compared for all consumers of a request or for none. */
export function claimArguments(claims: readonly ConsumerClaim[]): unknown[] {
  const [uuids, ...rest] = consumerColumns(claims);
  const compare = claims.every((claim) => claim.generation !== undefined);
  return [uuids, compare, ...rest, ...allocationColumns(claims)];
}

/** The arguments of `placement_take_each`. */
export function takeArguments(claims: readonly ConsumerClaim[]): unknown[] {
  const [uuids, , ...consumers] = consumerColumns(claims);
  const [, ...allocations] = allocationColumns(claims);
  return [uuids, ...consumers, claims.map((claim) => claim.wants.length), ...allocations];
}

export const toClaimOutcome = (row: ClaimRow): ClaimOutcome => toReshapeOutcome(row) as ClaimOutcome;

export function toReshapeOutcome(row: ClaimRow): ReshapeOutcome {
  const consumer = row.consumer ?? '';
  const provider = row.provider ?? '';
  const resourceClass = row.class ?? '';
  switch (row.outcome) {
    case 'ok':
      return { outcome: 'ok' };
    case 'consumer-conflict':
      return { outcome: row.outcome, consumer, stored: row.expected, given: row.actual };
    case 'unknown-provider':
      return { outcome: row.outcome, consumer, provider };
    case 'unknown-listed-provider':
      return { outcome: row.outcome, provider };
    case 'provider-conflict':
      return { outcome: row.outcome, provider, stored: row.expected ?? 0, given: row.actual ?? 0 };
    case 'unknown-listed-class':
    case 'inventory-in-use':
      return { outcome: row.outcome, provider, class: resourceClass };
    default:
      return { outcome: row.outcome, consumer, provider, class: resourceClass };
  }
}
