import type { BuildInstances, InstanceFault } from '@kilonova/compute-objects';

/**
 * The fault of a build that has no host left to try. Where there was never an alternate, the failure itself is the
 * fault; else the message says that all were tried, and the last failure is in the details.
 */
export const exhaustedFault = (args: BuildInstances, now: Date): InstanceFault =>
  args.build_attempt === 1 && args.alternates.length === 0
    ? args.reason
    : {
        code: 500,
        message: `Exhausted all hosts available for retrying build failures for instance ${args.instance_uuid}.`,
        details: `Attempts: ${args.build_attempt}. Last failure, on ${args.failed_host}: ${args.reason.message}\n${args.reason.details}`,
        host: args.failed_host,
        created_at: now.toISOString(),
      };

/** The fault of a build in which nothing moved for so long. */
export const timeoutFault = (seconds: number, now: Date): InstanceFault => ({
  code: 500,
  message: 'The server was not built in time.',
  details: `Nothing was reported of the build for ${seconds} seconds.`,
  host: null,
  created_at: now.toISOString(),
});
