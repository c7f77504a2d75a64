import type { NewInstanceAction } from '@kilonova/cell-db';
import type { Ctx } from '@kilonova/util';

/** What somebody asked of an instance, as it is recorded. */
export const newAction = (ctx: Ctx, action: string, instanceUuid: string): NewInstanceAction => ({
  action,
  instance_uuid: instanceUuid,
  request_id: ctx.requestId,
  user_id: ctx.principal?.userId ?? null,
  project_id: ctx.principal?.projectId ?? null,
});
