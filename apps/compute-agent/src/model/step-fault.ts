import type { InstanceFault } from '@kilonova/compute-objects';
import { AppError } from '@kilonova/util';

/** Longest message of a fault, as clients know it. */
const MESSAGE_LIMIT = 255;

/**
 * The fault of a step that failed on a host. Tenants read the message: of an error of ours its text, of any other (a driver's
 * may name hosts and paths) its class alone. The details are for administrators; of what the driver does not support, which
 * has the code 501, there are none that others may not read. Source: Nova's exception_to_dict.
 */
export const stepFault = (error: unknown, host: string, now: Date): InstanceFault => {
  const cause = error instanceof Error ? error : new Error(String(error));
  const unsupported = cause instanceof AppError && cause.kind === 'not-implemented';
  return {
    code: unsupported ? 501 : 500,
    message: (cause instanceof AppError ? cause.message : cause.name).slice(0, MESSAGE_LIMIT),
    details: unsupported ? cause.message : (cause.stack ?? `${cause.name}: ${cause.message}`),
    host,
    created_at: now.toISOString(),
  };
};
