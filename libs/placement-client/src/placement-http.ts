import type { RestReply, RestRequest } from '@kilonova/rest-client';
import type { Ctx } from '@kilonova/util';
import { AppError } from '@kilonova/util';

/** The part of placement's error body that callers decide on. */
export interface PlacementFault {
  readonly status: number;
  /** `placement.concurrent_update`, `placement.undefined_code`, … */
  readonly code: string;
  readonly detail: string;
}

/** HTTP to placement with the caller's own credentials; `SessionClient` of @kilonova/identity-client is one. */
export interface PlacementTransport {
  send<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>>;
  close(): Promise<void>;
}

/** Placement over HTTP: a pinned microversion for each call, no falling back to older ones. */
export class PlacementHttp {
  constructor(private readonly rest: PlacementTransport) {}

  async send<T>(ctx: Ctx, version: string, request: RestRequest): Promise<RestReply<T>> {
    const reply = await this.rest.send<T>(ctx, {
      ...request,
      headers: { ...request.headers, 'openstack-api-version': `placement ${version}` },
    });
    if (reply.status === 401 || reply.status === 403 || reply.status === 406) throw refused(reply);
    return reply;
  }
}

/** What a reply of 4xx says. */
export function faultOf(reply: RestReply): PlacementFault {
  const [error] = (reply.body as { errors?: Array<{ code?: string; detail?: string }> } | undefined)?.errors ?? [];
  return { status: reply.status, code: error?.code ?? 'placement.undefined_code', detail: (error?.detail ?? '').trim() };
}

/** Somebody else wrote first: the generation that the write was made for is stale. */
export const isConcurrentUpdate = (reply: RestReply): boolean =>
  reply.status === 409 && faultOf(reply).code === 'placement.concurrent_update';

/** An answer that no rule of the caller foresees. */
export const unexpected = (reply: RestReply, what: string): AppError => {
  const { status, code, detail } = faultOf(reply);
  return new AppError({
    kind: 'dependency',
    code: 'placement.unexpected',
    message: `Placement refused ${what}: ${status} ${code} ${detail}`,
    details: { status, code },
  });
};

/** Our own credentials or versions do not fit: nothing that a retry of the request could mend at once. */
const refused = (reply: RestReply): AppError =>
  unexpected(reply, reply.status === 406 ? 'the microversion that is needed' : 'our credentials');
