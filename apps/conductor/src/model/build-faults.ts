import type { BuildArguments, InstanceFault } from '@kilonova/compute-objects';

/** A build whose attempt on a host failed. */
export interface FailedBuild {
  readonly instanceUuid: string;
  readonly host: string;
  readonly attempt: number;
  readonly fault: InstanceFault;
  readonly arguments: BuildArguments;
}

/** The message of a step's fault names its class alone; what was said of it is in the details. Source: Nova's BuildAbortException. */
const aborted = (instanceUuid: string, fault: InstanceFault): InstanceFault => ({
  ...fault,
  message: `Build of instance ${instanceUuid} aborted: ${fault.message}`,
});

/**
 * The fault of a build that has no host left to try. Where there was never an alternate, the message says what kind of
 * failure it was; else that all hosts were tried. The last failure's text is in the details.
 */
export const exhaustedFault = ({ instanceUuid, host, attempt, fault, arguments: args }: FailedBuild, now: Date): InstanceFault =>
  attempt === 1 && args.alternates.length === 0
    ? aborted(instanceUuid, fault)
    : {
        code: 500,
        message: `Exhausted all hosts available for retrying build failures for instance ${instanceUuid}.`,
        details: `Attempts: ${attempt}. Last failure, on ${host}: ${fault.message}\n${fault.details}`,
        host,
        created_at: now.toISOString(),
      };

/** The fault of a build that may not be on the host that it was given to. */
export const placementFault = (message: string, host: string, now: Date): InstanceFault => ({
  code: 500,
  message,
  details: message,
  host,
  created_at: now.toISOString(),
});

/** The fault of an operation of which nothing was heard for longer than its step may take. */
export const overdueFault = (step: string, host: string, now: Date): InstanceFault => ({
  code: 500,
  message: 'The operation was not finished in time.',
  details: `Host ${host} gave no sign of life during ${step}.`,
  host,
  created_at: now.toISOString(),
});
