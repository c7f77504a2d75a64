import type { Ctx, Principal } from '@kilonova/util';
import type { MessageProperties, Options } from 'amqplib';
import type { Delivery } from '../port/delivery.js';
import type { Sender } from '../port/sender.js';
import type { Target } from '../port/target.js';
import type { Incoming } from '../serve/incoming.js';
import { checkLength } from '../wire/body-limits.js';
import { malformed, unvouched } from '../wire/bus-errors.js';
import { FIRST_VERSION } from '../wire/version.js';

/** The version of this wire format; a receiver refuses a later one. */
const WIRE_VERSION = 1;

/** Our headers; the body is the arguments as JSON, `type` the method, `messageId` the message's id. */
const H = {
  version: 'kn-version',
  messageVersion: 'kn-message-version',
  requestId: 'kn-request-id',
  globalRequestId: 'kn-global-request-id',
  traceparent: 'traceparent',
  deadline: 'kn-deadline',
  leftMs: 'kn-left-ms',
  attempt: 'kn-attempt',
  principal: 'kn-principal',
  sender: 'kn-sender',
} as const;

export const encodeBody = (value: unknown): Buffer => Buffer.from(JSON.stringify(value ?? null));

/** What a broker hands over. */
export interface RawMessage {
  readonly content: Buffer;
  readonly properties: MessageProperties;
}

/** Whose word on a message's first sender is believed: that of the reader's own user, and of the control plane. */
export interface Trust {
  readonly ownUser: string;
  readonly controlPlane: ReadonlySet<string>;
}

/** Headers that go on with a message. Others mean something to the broker (`CC` sends copies), or tell of an earlier death. */
const PASSED_ON = /^(traceparent$|kn-(?!dead-))/;

/** The first sender of what nobody vouched for: no broker user has this name, and no list of users names it. */
const NOBODY = '';

export interface Outgoing {
  readonly method: string;
  /** Of the message. */
  readonly version?: string;
  readonly messageId: string;
  readonly ctx: Ctx;
  readonly user: string;
  /** Of a call: how long its caller waits yet, milliseconds. */
  readonly leftMs?: number;
}

/** Properties of a first attempt; `ctx` must be a portable one. */
export function encodeProperties({ method, version, messageId, ctx, user, leftMs }: Outgoing): Options.Publish {
  const headers: Record<string, unknown> = { [H.version]: WIRE_VERSION, [H.requestId]: ctx.requestId, [H.attempt]: 1 };
  headers[H.messageVersion] = version ?? FIRST_VERSION;
  if (ctx.traceparent !== undefined) headers[H.traceparent] = ctx.traceparent;
  if (ctx.globalRequestId !== undefined) headers[H.globalRequestId] = ctx.globalRequestId;
  if (ctx.deadline !== undefined) headers[H.deadline] = Math.round(ctx.deadline);
  if (leftMs !== undefined) headers[H.leftMs] = Math.round(leftMs);
  if (ctx.principal !== undefined) headers[H.principal] = JSON.stringify(ctx.principal);
  return { type: method, messageId, userId: user, contentType: 'application/json', contentEncoding: 'utf-8', headers };
}

/**
 * Reads a message: who sent it and how long it is before what it says.
 * @throws AppError `messaging.sender.missing`, `messaging.message.too_large`, `messaging.message.malformed`.
 */
export function decodeMessage(message: RawMessage, kind: Delivery['kind'], target: Target, trust: Trust): Incoming {
  const sender = senderOf(message.properties, trust);
  checkLength(message.content.length, sender);
  return { ...decodeContent(message, target), kind, sender };
}

/** Reads what a message says, whoever sent it. @throws AppError `messaging.message.malformed`. */
export function decodeContent(message: RawMessage, target: Target): Omit<Incoming, 'kind' | 'sender'> {
  const { type, messageId } = message.properties;
  const headers: Record<string, unknown> = message.properties.headers ?? {};
  const version = headers[H.version];
  if (typeof version !== 'number' || version > WIRE_VERSION) throw malformed(`wire version ${String(version)}`);
  if (typeof type !== 'string' || typeof messageId !== 'string') throw malformed('no method or no message id');
  const messageVersion = headers[H.messageVersion];
  return {
    method: type,
    version: typeof messageVersion === 'string' ? messageVersion : FIRST_VERSION,
    args: parse(message.content.toString('utf8')),
    ctx: decodeCtx(headers),
    messageId,
    target,
    attempt: attemptOf(message.properties),
  };
}

export function attemptOf(properties: MessageProperties): number {
  const attempt: unknown = properties.headers?.[H.attempt];
  return typeof attempt === 'number' ? attempt : 1;
}

/**
 * The same message again as another attempt, sent by us: the broker vouches for us now, so the first sender goes into
 * a header, which is believed only from those in `Trust`. That of a message without a sender is nobody, whatever its
 * own header says.
 */
export function againProperties(
  properties: MessageProperties,
  attempt: number,
  trust: Trust,
  extra: Record<string, unknown> = {},
): Options.Publish {
  const { type, messageId, contentType, contentEncoding, headers } = properties;
  const ours = Object.fromEntries(Object.entries(headers ?? {}).filter(([key]) => PASSED_ON.test(key)));
  return {
    type: type as string,
    messageId: messageId as string,
    contentType: contentType as string,
    contentEncoding: contentEncoding as string,
    userId: trust.ownUser,
    headers: { ...ours, ...extra, [H.attempt]: attempt, [H.sender]: firstSender(properties, trust) ?? NOBODY },
  };
}

/** @throws AppError `messaging.sender.missing`. */
function senderOf(properties: MessageProperties, trust: Trust): Sender {
  const name = firstSender(properties, trust);
  if (name === undefined) throw unvouched();
  return { kind: trust.controlPlane.has(name) ? 'control-plane' : 'user', name };
}

/** The broker user that a message began with. The broker checks `userId` where it is set, and lets it be left out. */
export function firstSender(properties: MessageProperties, { ownUser, controlPlane }: Trust): string | undefined {
  const vouched: unknown = properties.userId;
  if (typeof vouched !== 'string') return undefined;
  const original: unknown = properties.headers?.[H.sender];
  const believed = vouched === ownUser || controlPlane.has(vouched);
  return believed && typeof original === 'string' ? original : vouched;
}

function decodeCtx(headers: Record<string, unknown>): Ctx {
  const text = (key: string): string | undefined => (typeof headers[key] === 'string' ? headers[key] : undefined);
  const requestId = text(H.requestId);
  if (requestId === undefined) throw malformed('no request id');
  const [globalRequestId, traceparent, principal] = [text(H.globalRequestId), text(H.traceparent), text(H.principal)];
  const deadline = deadlineOf(headers[H.deadline], headers[H.leftMs], Date.now());
  return {
    requestId,
    ...(globalRequestId === undefined ? {} : { globalRequestId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(principal === undefined ? {} : { principal: parse(principal) as Principal }),
    ...(deadline === undefined ? {} : { deadline }),
  };
}

/** A deadline that has passed by less was missed; by more, and the clocks differ. */
const JUST_OVER_MS = 1_000;

/**
 * The sender's deadline, where it makes sense by our clock. Else clocks differ, and what the caller had left counts from now on: the
 * broker drops a call that waited that long.
 */
export function deadlineOf(deadline: unknown, leftMs: unknown, now: number): number | undefined {
  if (typeof deadline !== 'number') return undefined;
  if (typeof leftMs !== 'number') return deadline;
  return deadline > now - JUST_OVER_MS && deadline <= now + leftMs ? deadline : now + leftMs;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('no JSON');
  }
}
