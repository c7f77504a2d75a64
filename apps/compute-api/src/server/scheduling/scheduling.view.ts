import type { SchedulingRecord } from '@kilonova/api-db';
import type { HostVerdict } from '@kilonova/compute-objects';
import { utcSeconds } from '../../common/time.js';

/** Tenants read how many hosts each rule refused; administrators read which, and why. */
export const schedulingView = (record: SchedulingRecord, verdicts: boolean): Record<string, unknown> => ({
  request_id: record.request_id,
  outcome: record.outcome,
  reason: record.reason,
  created_at: utcSeconds(record.created_at),
  refused: counts(record.verdicts),
  ...(verdicts ? { verdicts: record.verdicts } : {}),
});

/** stage and rule → how many hosts. */
function counts(verdicts: readonly HostVerdict[]): ReadonlyArray<{ stage: string; rule: string; hosts: number }> {
  const found = new Map<string, { stage: string; rule: string; hosts: number }>();
  for (const { stage, rule } of verdicts) {
    const entry = found.get(`${stage} ${rule}`) ?? { stage, rule, hosts: 0 };
    found.set(`${stage} ${rule}`, { ...entry, hosts: entry.hosts + 1 });
  }
  return [...found.values()];
}
