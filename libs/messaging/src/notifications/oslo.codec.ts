import { randomUUID } from 'node:crypto';
import type { Ctx } from '@kilonova/util';
import type { NotificationMessage } from '../port/notification.js';

/** oslo.messaging's envelope, version 2.0: the message is JSON text inside JSON. */
export interface NotificationEnvelope {
  readonly 'oslo.version': string;
  readonly 'oslo.message': string;
}

/** A notification as a listener gets it. `context` holds the `_context_*` members without their prefix. */
export interface ReceivedNotification {
  readonly messageId: string;
  readonly publisherId: string;
  readonly eventType: string;
  readonly priority: string;
  readonly payload: unknown;
  /** `YYYY-MM-DD HH:MM:SS.ffffff`, UTC. */
  readonly timestamp: string;
  readonly context: Readonly<Record<string, unknown>>;
}

/** Queue and routing key: `<topic>.<priority in lower case>`. */
export const notificationKey = (topic: string, priority: string): string => `${topic}.${priority.toLowerCase()}`;

/** `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, as Python prints a datetime; the last three digits are always 0 here. */
export const osloTimestamp = (date: Date): string => `${date.toISOString().slice(0, 23).replace('T', ' ')}000`;

export function encodeNotification(message: NotificationMessage): NotificationEnvelope {
  const inner = {
    message_id: message.messageId,
    publisher_id: message.publisherId,
    event_type: message.eventType,
    priority: message.priority,
    payload: message.payload,
    timestamp: osloTimestamp(message.timestamp),
    _unique_id: randomUUID().replaceAll('-', ''),
    ...prefixed(osloContext(message.ctx, message.timestamp)),
  };
  return { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) };
}

/** Reads an enveloped or a bare (version 1) message. @throws SyntaxError when it is no JSON. */
export function decodeNotification(body: string): ReceivedNotification {
  const outer = JSON.parse(body) as Record<string, unknown>;
  const enveloped = typeof outer['oslo.message'] === 'string' && outer['oslo.version'] !== undefined;
  const inner = enveloped ? (JSON.parse(outer['oslo.message'] as string) as Record<string, unknown>) : outer;
  const text = (key: string): string => (typeof inner[key] === 'string' ? inner[key] : '');
  const context = Object.entries(inner).filter(([key]) => key.startsWith('_context_'));
  return {
    messageId: text('message_id'),
    publisherId: text('publisher_id'),
    eventType: text('event_type'),
    priority: text('priority'),
    payload: inner.payload,
    timestamp: text('timestamp'),
    context: Object.fromEntries(context.map(([key, value]) => [key.slice('_context_'.length), value])),
  };
}

const prefixed = (context: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(context).map(([key, value]) => [`_context_${key}`, value]));

/** The 25 keys of Nova's request context on the wire; the token never leaves and the catalog is empty. */
function osloContext(ctx: Ctx, at: Date): Record<string, unknown> {
  const p = ctx.principal;
  const [user, project] = [p?.userId ?? null, p?.projectId ?? null];
  const [userDomain, projectDomain] = [p?.userDomainId ?? null, p?.projectDomainId ?? null];
  return {
    user,
    project_id: project,
    system_scope: p?.systemScope ?? null,
    project,
    domain: null,
    user_domain: userDomain,
    project_domain: projectDomain,
    is_admin: p?.isAdmin ?? false,
    read_only: false,
    show_deleted: false,
    auth_token: null,
    request_id: ctx.requestId,
    global_request_id: ctx.globalRequestId ?? null,
    resource_uuid: null,
    roles: p?.roles ?? [],
    user_identity: [user, project, null, userDomain, projectDomain].map((part) => part ?? '-').join(' '),
    is_admin_project: true,
    user_id: user,
    read_deleted: 'no',
    remote_address: null,
    timestamp: `${at.toISOString().slice(0, 23)}000`,
    quota_class: null,
    user_name: p?.userName ?? null,
    service_catalog: [],
    project_name: p?.projectName ?? null,
  };
}
