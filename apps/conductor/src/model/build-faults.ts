import type { BuildInstances, InstanceFault } from '@kilonova/compute-objects';

/** The class of a failure, as its details begin: `DriverError: no room on /dev/vg0` → `DriverError`. */
const classOf = (details: string): string => /^([A-Z]\w*(?:Error|Exception|Fault)|Error)(?=:|\n|$)/.exec(details)?.[1] ?? 'Error';

/** Tenants read what kind of failure it was, administrators its text: a driver's words name hosts and paths. */
const aborted = (instanceUuid: string, reason: InstanceFault): InstanceFault => ({
  ...reason,
  message: `Build of instance ${instanceUuid} aborted: ${classOf(reason.details)}.`,
  details: `${reason.message}\n${reason.details}`,
});

/**
 * The fault of a build that has no host left to try. Where there was never an alternate, the message says what kind of
 * failure it was; else that all hosts were tried. The last failure's text is in the details.
 */
export const exhaustedFault = (args: BuildInstances, now: Date): InstanceFault =>
  args.build_attempt === 1 && args.alternates.length === 0
    ? aborted(args.instance_uuid, args.reason)
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
