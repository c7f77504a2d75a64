import type { ActionEvent, Instance } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';

/** What a host writes into the history of the request that it works for; `event` is the name that clients know. */
export const actionEvent = (ctx: Ctx, host: string, instance: Instance, event: string): ActionEvent => ({
  host,
  instance_uuid: instance.uuid,
  request_id: ctx.requestId,
  event,
});
