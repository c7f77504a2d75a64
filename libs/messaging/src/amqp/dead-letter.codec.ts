import type { AppError } from '@kilonova/util';
import type { GetMessage, MessageProperties } from 'amqplib';
import type { DeadLetter, DeadReason } from '../dead-letters/dead-letter.js';
import type { LetterFacts } from '../dead-letters/replay-rules.js';
import { agentUser } from '../port/broker-users.js';
import type { Sender } from '../port/sender.js';
import type { ServiceTopic, Target } from '../port/target.js';
import { malformed } from '../wire/bus-errors.js';
import { castQueue } from '../wire/names.js';
import { decodeContent, firstSender, type Trust } from './message.codec.js';

const H = {
  kind: 'kn-dead-kind',
  code: 'kn-dead-code',
  message: 'kn-dead-message',
  queue: 'kn-dead-queue',
  at: 'kn-dead-at',
  bytes: 'kn-dead-body-bytes',
} as const;
const MAX_MESSAGE = 1_024;

/** Why and where a cast died, as headers. */
export const deadHeaders = (error: AppError, queue: string, at: number): Record<string, unknown> => ({
  [H.kind]: error.kind,
  [H.code]: error.code,
  [H.message]: error.message.slice(0, MAX_MESSAGE),
  [H.queue]: queue,
  [H.at]: at,
});

/** Says that the letter was kept without its body, and how long that was. */
export const bodylessHeaders = (bytes: number): Record<string, unknown> => ({ [H.bytes]: bytes });

/** The length of the body that a letter was kept without; undefined when it is whole. */
function missingBytes(properties: MessageProperties): number | undefined {
  const bytes: unknown = properties.headers?.[H.bytes];
  return typeof bytes === 'number' ? bytes : undefined;
}

/** The queue that a dead letter came from: told by us, or by the broker when its delivery limit ended it. */
export function originQueue(properties: MessageProperties): string | undefined {
  const named: unknown = properties.headers?.[H.queue];
  return typeof named === 'string' ? named : properties.headers?.['x-first-death-queue'];
}

/** Where a letter lies, and whose word on it counts. */
export interface Shelf {
  readonly cell: string;
  readonly topic: ServiceTopic;
  readonly controlPlane: ReadonlySet<string>;
}

/** Who may say whom a letter of that queue was from: the agent whose queue it is, and the control plane. */
export function trustOf(queue: string, cell: string, controlPlane: ReadonlySet<string>): Trust {
  const prefix = `${cell}.compute.`;
  return { ownUser: queue.startsWith(prefix) ? agentUser(queue.slice(prefix.length)) : '', controlPlane };
}

/** What decides whether a letter may be sent again. */
export function letterFacts({ properties }: GetMessage, letter: DeadLetter, { cell, topic, controlPlane }: Shelf): LetterFacts {
  const queue = originQueue(properties) ?? '';
  const buried = properties.headers?.[H.queue] !== undefined;
  const { ownUser } = trustOf(queue, cell, controlPlane);
  const by = String(properties.userId ?? '');
  return {
    reason: letter.reason,
    ofShelf: queue === castQueue(cell, letter.target) && (topic === 'compute') === (letter.target.host !== undefined),
    authentic: letter.sender !== null && (!buried || (by !== '' && by === ownUser) || controlPlane.has(by)),
    whole: missingBytes(properties) === undefined,
  };
}

/** Reads a dead letter; one that is no message of ours is shown with what can be read of it. */
export function decodeDeadLetter(message: GetMessage, { cell, topic, controlPlane }: Shelf): DeadLetter {
  const queue = originQueue(message.properties);
  const target = targetOf(queue, cell, topic);
  const name = firstSender(message.properties, trustOf(queue ?? '', cell, controlPlane));
  const sender: Sender | null = name ? { kind: controlPlane.has(name) ? 'control-plane' : 'user', name } : null;
  const base = { sender, reason: reasonOf(message.properties), diedAt: diedAt(message.properties) };
  try {
    const { messageId, method, args, ctx, attempt } = decodeContent(message, target);
    return { messageId, target, method, args, ctx, attempt, ...base };
  } catch {
    const { messageId, type } = message.properties;
    const missing = missingBytes(message.properties);
    const text = missing === undefined ? message.content.toString('utf8') : `(${missing} bytes, not kept)`;
    return {
      messageId: String(messageId ?? ''),
      target,
      method: String(type ?? ''),
      args: text,
      ctx: { requestId: '' },
      attempt: 1,
      ...base,
    };
  }
}

/** `cell1.compute.host1` → the host's target. */
function targetOf(queue: string | undefined, cell: string, topic: ServiceTopic): Target {
  const prefix = `${cell}.${topic}.`;
  return queue?.startsWith(prefix) === true ? { topic, host: queue.slice(prefix.length) } : { topic };
}

function reasonOf(properties: MessageProperties): DeadReason {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const [kind, code, message] = [headers[H.kind], headers[H.code], headers[H.message]];
  if (typeof kind === 'string' && typeof code === 'string') return { kind, code, message: String(message ?? '') };
  const broker = properties.headers?.['x-first-death-reason'];
  if (broker === undefined) return malformed('no reason given');
  return {
    kind: 'bug',
    code: 'messaging.delivery.limit',
    message: `The broker gave it up (${broker}): its consumers died or refused it too often.`,
  };
}

function diedAt(properties: MessageProperties): number {
  const at: unknown = properties.headers?.[H.at];
  if (typeof at === 'number') return at;
  const seconds = properties.headers?.['x-death']?.[0]?.time.value;
  return seconds === undefined ? 0 : seconds * 1_000;
}
