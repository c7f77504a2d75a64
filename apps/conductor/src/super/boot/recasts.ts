import { randomUUID } from 'node:crypto';
import type { OverdueBoot } from '@kilonova/api-db';
import { messages } from '@kilonova/compute-objects';
import { type CastEnvelope, castEnvelope } from '@kilonova/messaging';
import { nextTraceparent } from '@kilonova/util';

/** One cast for the boots of each request, as the API would have sent it. */
export function recasts(overdue: readonly OverdueBoot[]): CastEnvelope[] {
  const byRequest = Map.groupBy(overdue, (boot) => boot.request_id);
  return [...byRequest].map(([requestId, boots]) => {
    const ctx = { requestId, principal: principalOf(boots), traceparent: nextTraceparent() };
    const args = { instance_uuids: boots.map((boot) => boot.instance_uuid) };
    return castEnvelope(ctx, messages.scheduleAndBuildInstances, { topic: 'conductor' }, args, randomUUID());
  });
}

const principalOf = ([boot]: readonly OverdueBoot[]) => ({
  userId: boot?.user_id ?? '',
  projectId: boot?.project_id,
  roles: [],
  isAdmin: false,
});
