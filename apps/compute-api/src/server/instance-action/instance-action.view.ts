import type { InstanceActionEventRow, InstanceActionRow } from '@kilonova/cell-db';
import { Since } from '../../common/model/microversion.js';
import { utcMicros } from '../../common/time.js';
import { hostId } from '../core/server.view.js';

type Fields = Record<string, unknown>;

/** What a caller may see of the events of an action. */
export interface EventRights {
  readonly tracebacks: boolean;
  readonly details: boolean;
}

export const actionView = (action: InstanceActionRow, version: number): Fields => ({
  action: action.action,
  instance_uuid: action.instance_uuid,
  request_id: action.request_id,
  user_id: action.user_id,
  project_id: action.project_id,
  start_time: utcMicros(action.start_time),
  message: action.message,
  ...(version >= Since.actionPaging ? { updated_at: utcMicros(action.updated_at) } : {}),
});

/** Up to 2.50 events are for administrators; after, everybody sees them, tracebacks and hosts aside. */
export function actionWithEvents(
  action: InstanceActionRow,
  events: readonly InstanceActionEventRow[],
  version: number,
  rights: EventRights,
): Fields {
  if (version < Since.actionEventsForAll && !rights.tracebacks) return actionView(action, version);
  return {
    ...actionView(action, version),
    events: events.map((event) => eventView(event, action.project_id ?? '', version, rights)),
  };
}

const eventView = (event: InstanceActionEventRow, projectId: string, version: number, rights: EventRights): Fields => ({
  event: event.event,
  start_time: utcMicros(event.start_time),
  finish_time: utcMicros(event.finish_time),
  result: event.result,
  ...(rights.tracebacks ? { traceback: event.traceback } : {}),
  ...(version >= Since.actionEventHosts
    ? { hostId: hostId(projectId, event.host), ...(rights.tracebacks ? { host: event.host } : {}) }
    : {}),
  ...(version >= Since.actionEventDetails && rights.details ? { details: event.details } : {}),
});
