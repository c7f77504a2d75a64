import { messages, OPERATIONS, type OperationName, operationRule } from '@kilonova/compute-objects';
import { OUTBOX_INSERT } from '@kilonova/messaging';

const namesOf = (image: 'made' | 'used'): string =>
  (Object.keys(OPERATIONS) as OperationName[])
    .filter((name) => operationRule(name).image === image)
    .map((name) => `'${name}'`)
    .join(', ');

const MADE = `o.name IN (${namesOf('made')})`;
const IMAGE = `(o.arguments #>> '{subject,image_id}')::uuid`;

const told = (operation: string): string => `
  errands_told AS (
    ${OUTBOX_INSERT}
    SELECT gen_random_uuid(), 'api', '${messages.tendImages.topic}', NULL, '${messages.tendImages.name}', '${messages.tendImages.version}',
           jsonb_build_object('instance_uuid', o.instance_uuid), o.ctx
      FROM errands e JOIN ${operation} o ON o.instance_uuid = e.instance_uuid
  )`;

/** CTEs: operations of `operation` (whole rows) end without success: the images that they were making go. */
export const abandonImages = (operation: string): string => `
  errands AS (
    INSERT INTO image_errands (instance_uuid, image_id) SELECT o.instance_uuid, ${IMAGE} FROM ${operation} o WHERE ${MADE}
    RETURNING instance_uuid
  ), ${told(operation)}`;

/** CTEs: backups of `operation` have succeeded: older ones become too many. */
export const rotateBackups = (operation: string): string => `
  errands AS (
    INSERT INTO image_errands (instance_uuid, backup_type, keep)
    SELECT o.instance_uuid, o.arguments ->> 'backup_type', (o.arguments ->> 'rotation')::int FROM ${operation} o
    RETURNING instance_uuid
  ), ${told(operation)}`;
