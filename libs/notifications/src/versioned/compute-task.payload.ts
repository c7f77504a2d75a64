import type { RequestSpec, VmState } from '@kilonova/compute-objects';
import { type ExceptionFacts, exceptionPayload } from './exception.payload.js';
import { type VersionedObject, versionedObject } from './object.js';
import { requestSpecPayload } from './request-spec.payload.js';

/** ComputeTaskPayload 1.0: a workflow that ended before it reached a host. */
export const computeTaskPayload = (
  instanceUuid: string,
  spec: RequestSpec,
  state: VmState,
  reason: ExceptionFacts,
): VersionedObject =>
  versionedObject('ComputeTaskPayload', '1.0', {
    instance_uuid: instanceUuid,
    request_spec: requestSpecPayload(spec),
    state,
    reason: exceptionPayload(reason),
  });
