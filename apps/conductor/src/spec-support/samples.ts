import type { AcceptedBoot } from '@kilonova/api-db';
import type { RequestSpec } from '@kilonova/compute-objects';
import { anInstance, aRequestSpec } from '@kilonova/compute-samples';

/** A boot as the API accepts it. */
export const aBoot = (requestId: string, spec: Partial<RequestSpec> = {}): AcceptedBoot => {
  const instance = anInstance();
  return { instance, spec: aRequestSpec(instance.uuid, spec), admin_password: 'secret', request_id: requestId };
};
