/** What another service tells about a server. */
export interface ExternalEvent {
  readonly name: string;
  readonly server_uuid: string;
  readonly status?: string;
  readonly tag?: string;
}

/** Where the server of an event is. */
export type EventTarget = 'unknown' | 'without-host' | 'on-host';

const NEEDS_TAG = ['volume-extended', 'power-update', 'accelerator-request-bound', 'volume-reimaged'];

/**
 * The code that an event is answered with: 404 for a server that nobody knows, 400 without the tag that its kind needs,
 * 422 when no host could act on it. Servers of this cloud have no ports whose state would have to be followed, so what is
 * told of networks is taken note of by the answer alone; everything else would need a host to act.
 */
export function eventCode(event: ExternalEvent, target: EventTarget): 200 | 400 | 404 | 422 {
  if (target === 'unknown') return 404;
  if (NEEDS_TAG.includes(event.name)) return event.tag === undefined ? 400 : 422;
  return target === 'without-host' ? 422 : 200;
}
