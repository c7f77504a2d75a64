import type { InstanceFault } from '@kilonova/compute-objects';
import { AppError } from '@kilonova/util';

/** Longest message of a fault, as clients know it. */
const MESSAGE_LIMIT = 255;

/**
 * The fault of a step that failed on a host. Tenants read the message: of an error of ours its text, of any other (a driver's
 * may name hosts and paths) its class alone. The details are for administrators. Source: Nova's exception_to_dict.
 */
export const stepFault = (error: unknown, host: string, now: Date): InstanceFault => {
  const cause = error instanceof Error ? error : new Error(String(error));
  return {
    code: 500,
    message: (cause instanceof AppError ? cause.message : cause.name).slice(0, MESSAGE_LIMIT),
    details: cause.stack ?? `${cause.name}: ${cause.message}`,
    host,
    created_at: now.toISOString(),
  };
};
