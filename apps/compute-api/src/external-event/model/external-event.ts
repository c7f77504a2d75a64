import type { ActionName } from '@kilonova/compute-objects';

/** What another service tells about a server. */
export interface ExternalEvent {
  readonly name: string;
  readonly server_uuid: string;
  readonly status?: 'completed' | 'failed' | 'in-progress';
  readonly tag?: string;
}

/** Where the server of an event is. */
export type EventPlace = 'unknown' | 'without-host' | 'on-host';

const NEEDS_TAG: readonly string[] = ['volume-extended', 'power-update', 'accelerator-request-bound'];

/** 404 for a server that nobody knows, 400 without the tag that its kind needs, 422 when no host could act on it. */
export function eventCode(event: ExternalEvent, place: EventPlace): 200 | 400 | 404 | 422 {
  if (place === 'unknown') return 404;
  if (event.tag === undefined && NEEDS_TAG.includes(event.name)) return 400;
  return place === 'without-host' ? 422 : 200;
}

/** The action that follows what happened to a guest's power; undefined for all other events, and for a power that nobody knows. */
export function powerAction(event: ExternalEvent): Extract<ActionName, 'start' | 'stop'> | undefined {
  if (event.name !== 'power-update') return undefined;
  return event.tag === 'POWER_ON' ? 'start' : event.tag === 'POWER_OFF' ? 'stop' : undefined;
}
