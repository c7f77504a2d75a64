import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { AppError, type Ctx } from '@kilonova/util';
import type { Refused, RefusedReason } from '../volume.js';

/** HTTP to the volume service; `volumeTransport` of @kilonova/identity-client makes one. */
export interface CinderTransport {
  /** With the token of the service that this process is. */
  send<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>>;
  /** With somebody else's token, which is never renewed or kept. */
  sendAs<T>(ctx: Ctx, token: string, request: RestRequest): Promise<RestReply<T>>;
  close(): Promise<void>;
}

/** Attachments are completed from 3.44 on, the oldest that Nova takes. */
const VERSION = '3.44';

/** A request to the version of the API that is spoken here. @param version a younger one, where it is needed */
export const ask = (method: RestRequest['method'], path: string, body?: unknown, version = VERSION): RestRequest => ({
  method,
  path: `/v3${path}`,
  body,
  headers: { 'openstack-api-version': `volume ${version}` },
});

/** The same for a write that may be repeated. */
export const askAgain = (method: RestRequest['method'], path: string, body?: unknown): RestRequest => ({
  ...ask(method, path, body),
  idempotent: true,
});

export const isDone = ({ status }: RestReply): boolean => status >= 200 && status < 300;

/** Not there, or not for this caller: the two are not told apart. */
export const isHidden = ({ status }: RestReply): boolean => status === 404 || status === 403 || status === 401;

/** An answer that no rule of the caller foresees. */
export const unexpected = (status: number, what: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'volume.unexpected',
    message: `The volume service answered ${status} when asked ${what}.`,
    details: { status },
  });

const REASONS: Readonly<Record<number, RefusedReason>> = {
  400: 'invalid',
  403: 'forbidden',
  404: 'not-found',
  409: 'invalid',
  413: 'over-quota',
};

/** What a refusal says, e.g. `{"badRequest": {"code": 400, "message": "…"}}`. */
function messageOf(body: unknown): string {
  const [fault] = Object.values((body ?? {}) as Record<string, { readonly message?: unknown } | null>);
  return typeof fault?.message === 'string' ? fault.message : 'The volume service refused the request.';
}

/** A refusal that the caller may be told. @throws AppError for any other status */
export function refusalOf({ status, body }: RestReply, what: string): Refused {
  const reason = REASONS[status];
  if (reason === undefined) throw unexpected(status, what);
  return { outcome: 'refused', reason, message: messageOf(body) };
}
