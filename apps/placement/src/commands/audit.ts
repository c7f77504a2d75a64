import type { Config } from '@kilonova/config';
import { type AuditFinding, findContradictions } from '../store/audit.js';
import { usingDatabase } from './using-database.js';

export type { AuditFinding } from '../store/audit.js';

/** The most findings that are told at once. */
const LIMIT = 1_000;

export interface AuditReport {
  readonly findings: readonly AuditFinding[];
  /** 0: nothing contradicts; 1: something is over capacity, as happens when totals are lowered; 2: a contradiction. */
  readonly exitCode: 0 | 1 | 2;
}

/** `placement audit`: does what is noted as used agree with the allocations, and they with consumers and inventories? */
export async function audit(config: Config): Promise<AuditReport> {
  const findings = await usingDatabase(config, (db) => findContradictions(db, LIMIT));
  const contradiction = findings.some(({ kind }) => kind !== 'over-capacity');
  return { findings, exitCode: contradiction ? 2 : findings.length > 0 ? 1 : 0 };
}
