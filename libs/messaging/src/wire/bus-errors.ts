import { AppError, type MessageInfo } from '@kilonova/util';
import type { Sender } from '../port/sender.js';
import { type Target, targetName } from '../port/target.js';

// The codes of this library; frozen once released, never reused.

/** No queue takes messages for the target: nothing has ever served it, or the broker refuses its queue. */
export const unroutable = (target: Target): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'messaging.unroutable',
    message: `Nobody serves ${targetName(target)}.`,
    details: { target: targetName(target) },
  });

/** The broker cannot be reached, did not confirm in time, or refused the message (queue full). */
export const unavailable = (reason: string, cause?: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'messaging.unavailable',
    message: `The message broker is unavailable: ${reason}.`,
    cause,
  });

/** The answer to a call did not come before its deadline. */
export const callTimeout = (target: Target, method: string, waitedMs: number): AppError =>
  new AppError({
    kind: 'deadline',
    code: 'messaging.call.timeout',
    message: `No answer to ${method} from ${targetName(target)} within ${waitedMs} ms.`,
    details: { target: targetName(target), method, waitedMs },
  });

/** An agent's bus was asked for a cast or a fanout. */
export const agentCast = (): AppError =>
  new AppError({ kind: 'bug', code: 'messaging.agent.cast', message: 'An agent sends calls and events alone.' });

/** A server got a method that it has no handler for. */
export const unknownMethod = (method: string): AppError =>
  new AppError({
    kind: 'not-implemented',
    code: 'messaging.method.unknown',
    message: `There is no handler for ${method}.`,
    details: { method },
  });

/** A message without the broker's word on who sent it; the control plane and agents always have it set. */
export const unvouched = (): AppError =>
  new AppError({
    kind: 'forbidden',
    code: 'messaging.sender.missing',
    message: 'The broker does not vouch for the sender: the message has no user id.',
  });

/** More than the broker takes, or than a receiver reads. */
export const tooLarge = (bytes: number, most: number): AppError =>
  new AppError({
    kind: 'invalid-input',
    code: 'messaging.message.too_large',
    message: `The message has ${bytes} bytes; at most ${most} are taken.`,
    details: { bytes, most },
  });

/** A message of a later wire version, or one that is no message of ours. */
export const malformed = (reason: string): AppError =>
  new AppError({
    kind: 'unsupported-version',
    code: 'messaging.message.malformed',
    message: `The message cannot be read: ${reason}.`,
  });

/** A message of a major version that this receiver does not know. */
export const unsupportedVersion = (message: MessageInfo, version: string): AppError =>
  new AppError({
    kind: 'unsupported-version',
    code: 'messaging.version.unsupported',
    message: `Version ${version.slice(0, 20)} of ${message.name} is not understood; this service knows ${message.version}.`,
    details: { method: message.name, version: version.slice(0, 20), known: message.version },
  });

/** Arguments that do not fit the schema of their message. */
export const invalidArguments = (method: string, paths: ReadonlyArray<{ path: string; fault: string }>): AppError =>
  new AppError({
    kind: 'invalid-input',
    code: 'messaging.arguments.invalid',
    message: `The arguments of ${method} are invalid: ${paths.map(({ path, fault }) => `${path} ${fault}`).join('; ')}.`,
    details: { method, paths },
  });

export const isUnknownMethod = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'messaging.method.unknown';

const REFUSALS = new Set(['messaging.version.unsupported', 'messaging.arguments.invalid', 'messaging.method.unknown']);

/** Whether the receiver refused the message before its handler ran, or an agent what it may not. */
export const isRefusal = (error: unknown, sender: Sender): error is AppError =>
  error instanceof AppError && (REFUSALS.has(error.code) || (sender.kind === 'user' && error.kind === 'forbidden'));
