import type { InstanceFault } from '@kilonova/compute-objects';

/** Longest message of a fault, as clients know it. */
const MESSAGE_LIMIT = 255;

/** The fault of a build that failed on a host. Code 500; the details are for administrators. */
export const buildFault = (error: unknown, host: string, now: Date): InstanceFault => {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 500,
    message: message.slice(0, MESSAGE_LIMIT),
    details: error instanceof Error ? (error.stack ?? message) : message,
    host,
    created_at: now.toISOString(),
  };
};
