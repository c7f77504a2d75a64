import type { ClaimChange } from '@kilonova/compute-objects';

/** An expression: the devices of host `$host` that the instance `$uuid` has, as a JSON list. */
export const assignedTo = (uuid: string, host: string): string => `
  coalesce((SELECT jsonb_agg(jsonb_build_object('resource_class', d.resource_class, 'device', d.device, 'migration_uuid', d.migration_uuid)
                             ORDER BY d.created_at, d.device)
     FROM guest_devices d WHERE d.instance_uuid = ${uuid} AND d.host = ${host}), '[]')`;

/**
 * A condition on `d`: the devices that go with a change of claims, of the server whose move is `$migration`. What was claimed
 * for the move goes with its destination, anything else with its source.
 */
export function goesWith(change: Exclude<ClaimChange, 'kept'>, migration: string): string {
  switch (change) {
    case 'released':
      return 'true';
    case 'source-released':
      return `${migration} IS NOT NULL AND d.migration_uuid IS DISTINCT FROM ${migration}`;
    case 'source-restored':
    case 'destination-released':
      return `d.migration_uuid = ${migration}`;
    case 'size-restored':
      return 'false';
  }
}
