import type { Ctx, Principal } from '@kilonova/util';
import type { MessageProperties, Options } from 'amqplib';
import type { Delivery } from '../port/delivery.js';
import type { Target } from '../port/target.js';
import type { Incoming } from '../serve/incoming.js';
import { malformed } from '../wire/bus-errors.js';

/** The version of this wire format; a receiver refuses a later one. */
const WIRE_VERSION = 1;

/** Our headers; the body is the arguments as JSON, `type` the method, `messageId` the message's id. */
const H = {
  version: 'kn-version',
  requestId: 'kn-request-id',
  globalRequestId: 'kn-global-request-id',
  traceparent: 'traceparent',
  deadline: 'kn-deadline',
  attempt: 'kn-attempt',
  principal: 'kn-principal',
  sender: 'kn-sender',
} as const;

export const encodeBody = (value: unknown): Buffer => Buffer.from(JSON.stringify(value ?? null));

export interface Outgoing {
  readonly method: string;
  readonly messageId: string;
  readonly ctx: Ctx;
  readonly user: string;
}

/** Properties of a first attempt; `ctx` must be a portable one. */
export function encodeProperties({ method, messageId, ctx, user }: Outgoing): Options.Publish {
  const headers: Record<string, unknown> = { [H.version]: WIRE_VERSION, [H.requestId]: ctx.requestId, [H.attempt]: 1 };
  if (ctx.traceparent !== undefined) headers[H.traceparent] = ctx.traceparent;
  if (ctx.globalRequestId !== undefined) headers[H.globalRequestId] = ctx.globalRequestId;
  if (ctx.deadline !== undefined) headers[H.deadline] = Math.round(ctx.deadline);
  if (ctx.principal !== undefined) headers[H.principal] = JSON.stringify(ctx.principal);
  return { type: method, messageId, userId: user, contentType: 'application/json', contentEncoding: 'utf-8', headers };
}

/** Reads a message. @throws AppError `messaging.message.malformed`. */
export function decodeMessage(
  message: { content: Buffer; properties: MessageProperties },
  kind: Delivery['kind'],
  target: Target,
  ownUser: string,
): Incoming {
  const { type, messageId } = message.properties;
  const headers: Record<string, unknown> = message.properties.headers ?? {};
  const version = headers[H.version];
  if (typeof version !== 'number' || version > WIRE_VERSION) throw malformed(`wire version ${String(version)}`);
  if (typeof type !== 'string' || typeof messageId !== 'string') throw malformed('no method or no message id');
  const sender = senderOf(message.properties, ownUser);
  return {
    kind,
    method: type,
    args: parse(message.content.toString('utf8')),
    ctx: decodeCtx(headers),
    messageId,
    target,
    attempt: attemptOf(message.properties),
    ...(sender === undefined ? {} : { sender }),
  };
}

export function attemptOf(properties: MessageProperties): number {
  const attempt: unknown = properties.headers?.[H.attempt];
  return typeof attempt === 'number' ? attempt : 1;
}

/**
 * The same message again as another attempt, sent by us: the broker vouches for us now, so the first sender goes into
 * a header, which is believed only in messages of the reader's own user.
 */
export function againProperties(
  properties: MessageProperties,
  attempt: number,
  user: string,
  extra: Record<string, unknown> = {},
): Options.Publish {
  const { type, messageId, contentType, contentEncoding, headers } = properties;
  const ours = Object.fromEntries(
    Object.entries(headers ?? {}).filter(([key]) => !/^x-(death|first-death|last-death|delivery-count)/.test(key)),
  );
  const sender = senderOf(properties, user);
  return {
    type: type as string,
    messageId: messageId as string,
    contentType: contentType as string,
    contentEncoding: contentEncoding as string,
    userId: user,
    headers: { ...ours, ...extra, [H.attempt]: attempt, ...(sender === undefined ? {} : { [H.sender]: sender }) },
  };
}

function senderOf(properties: MessageProperties, ownUser: string): string | undefined {
  const vouched: unknown = properties.userId;
  if (typeof vouched !== 'string') return undefined;
  const original: unknown = properties.headers?.[H.sender];
  return vouched === ownUser && typeof original === 'string' ? original : vouched;
}

function decodeCtx(headers: Record<string, unknown>): Ctx {
  const text = (key: string): string | undefined => (typeof headers[key] === 'string' ? headers[key] : undefined);
  const requestId = text(H.requestId);
  if (requestId === undefined) throw malformed('no request id');
  const [globalRequestId, traceparent, principal] = [text(H.globalRequestId), text(H.traceparent), text(H.principal)];
  const deadline = headers[H.deadline];
  return {
    requestId,
    ...(globalRequestId === undefined ? {} : { globalRequestId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(principal === undefined ? {} : { principal: parse(principal) as Principal }),
    ...(typeof deadline === 'number' ? { deadline } : {}),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('no JSON');
  }
}
