import type { RestReply, RestRequest } from '@kilonova/rest-client';
import { AppError, type Ctx } from '@kilonova/util';
import type { NetworkOutcome, RefusalReason } from '../network.js';

/** HTTP to the network service; `networkTransport` of @kilonova/identity-client makes one. */
export interface NeutronTransport {
  /** With the token of the service that this process is. */
  send<T>(ctx: Ctx, request: RestRequest): Promise<RestReply<T>>;
  /** With somebody else's token, which is never renewed or kept. */
  sendAs<T>(ctx: Ctx, token: string, request: RestRequest): Promise<RestReply<T>>;
  close(): Promise<void>;
}

export const ask = (method: RestRequest['method'], path: string, body?: unknown): RestRequest => ({
  method,
  path: `/v2.0${path}`,
  body,
  idempotent: method === 'PUT' || method === 'DELETE',
});

export const isDone = ({ status }: RestReply): boolean => status >= 200 && status < 300;

/** Not there, or not for this caller: the two are not told apart. */
export const isHidden = ({ status }: RestReply): boolean => status === 404 || status === 403 || status === 401;

/** An answer that no rule of the caller foresees. */
export const unexpected = (status: number, what: string): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'network.unexpected',
    message: `The network service answered ${status} when asked ${what}.`,
    details: { status },
  });

interface FaultDocument {
  readonly NeutronError?: { readonly type?: string; readonly message?: string };
}

/** Types of Neutron's errors that say that somebody else has it, and that the network has no more. */
const IN_USE: ReadonlySet<string> = new Set([
  'IpAddressAlreadyAllocated',
  'IpAddressInUse',
  'PortInUse',
  'MacAddressInUse',
  'SecurityGroupInUse',
  'SecurityGroupRuleExists',
]);
const NO_ADDRESS: ReadonlySet<string> = new Set(['IpAddressGenerationFailure', 'ExternalIpAddressExhausted']);

/** A refusal that the caller may be told. @throws AppError for any other status */
export function refusalOf({ status, body }: RestReply, what: string): Extract<NetworkOutcome<object>, { outcome: 'refused' }> {
  if (status !== 400 && status !== 403 && status !== 404 && status !== 409) throw unexpected(status, what);
  const { type = '', message = 'The network service refused the request.' } =
    (body as FaultDocument | undefined)?.NeutronError ?? {};
  return { outcome: 'refused', reason: reasonOf(status, type), message };
}

function reasonOf(status: number, type: string): RefusalReason {
  if (type === 'OverQuota') return 'over-quota';
  if (NO_ADDRESS.has(type)) return 'no-address';
  if (IN_USE.has(type)) return 'in-use';
  return status === 404 ? 'not-found' : 'invalid';
}
