import type { Instance, OperationSubject } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import type { ExceptionFacts } from './exception.payload.js';
import { instanceActionFields } from './instance.payload.js';
import { type VersionedObject, versionedObject } from './object.js';

/** InstanceActionVolumePayload 1.7, of a swap InstanceActionVolumeSwapPayload 1.9. */
export function instanceVolumePayload(
  ctx: Ctx,
  instance: Instance,
  { volume_id, new_volume_id }: OperationSubject,
  fault?: ExceptionFacts,
): VersionedObject {
  const fields = instanceActionFields(ctx, instance, fault);
  if (new_volume_id === undefined) return versionedObject('InstanceActionVolumePayload', '1.7', { ...fields, volume_id });
  return versionedObject('InstanceActionVolumeSwapPayload', '1.9', { ...fields, old_volume_id: volume_id, new_volume_id });
}
