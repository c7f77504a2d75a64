import type { SchedulingRecord } from '@kilonova/api-db';
import type { HostVerdict, RefusalCount, SchedulingTrace } from '@kilonova/compute-objects';
import { utcSeconds } from '../../common/time.js';

/** Tenants read how many hosts each rule refused; administrators read which, and why, and (1.1) how the choice was made. */
export const schedulingView = (record: SchedulingRecord, verdicts: boolean, traced: boolean): Record<string, unknown> => ({
  request_id: record.request_id,
  outcome: record.outcome,
  reason: record.reason,
  created_at: utcSeconds(record.created_at),
  refused: record.trace?.refused ?? counts(record.verdicts),
  ...(traced ? { offered: record.trace?.questions.at(-1)?.offered ?? null } : {}),
  ...(verdicts ? { verdicts: record.verdicts } : {}),
  ...(verdicts && traced && record.trace !== null ? choice(record.trace, record.instance_uuid) : {}),
});

/** Of the request's servers only this one's place is shown. */
function choice({ questions, best, placed }: SchedulingTrace, instance: string): Record<string, unknown> {
  const own = placed.find((one) => one.instance === instance);
  return { questions, host: own?.host ?? null, alternates: own?.alternates ?? [], best };
}

/** What records without a trace say: stage and rule → how many hosts. */
function counts(verdicts: readonly HostVerdict[]): readonly RefusalCount[] {
  const found = new Map<string, RefusalCount>();
  for (const { stage, rule } of verdicts) {
    const key = `${stage} ${rule}`;
    found.set(key, { stage, rule, hosts: (found.get(key)?.hosts ?? 0) + 1 });
  }
  return [...found.values()];
}
