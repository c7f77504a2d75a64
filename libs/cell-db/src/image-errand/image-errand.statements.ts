import { messages, OPERATIONS, type OperationName, operationRule } from '@kilonova/compute-objects';
import { OUTBOX_INSERT } from '@kilonova/messaging';

const MAKERS: string = (Object.keys(OPERATIONS) as OperationName[])
  .filter((name) => operationRule(name).image === 'made')
  .map((name) => `'${name}'`)
  .join(', ');

const MADE = `o.name IN (${MAKERS})`;
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

/** CTEs: operations of `operation` have used up the images that they were about, where they were about one. */
export const forgetUsedImages = (operation: string): string => `
  errands AS (
    INSERT INTO image_errands (instance_uuid, image_id) SELECT o.instance_uuid, ${IMAGE} FROM ${operation} o WHERE ${IMAGE} IS NOT NULL
    RETURNING instance_uuid
  ), ${told(operation)}`;

/** CTEs: backups of `operation` have succeeded: older ones become too many. */
export const rotateBackups = (operation: string): string => `
  errands AS (
    INSERT INTO image_errands (instance_uuid, backup_type, keep)
    SELECT o.instance_uuid, o.arguments ->> 'backup_type', (o.arguments ->> 'rotation')::int FROM ${operation} o
    RETURNING instance_uuid
  ), ${told(operation)}`;

/**
 * CTEs: instances of `gone` (whole rows) are no more: the images that they were shelved to, and those that were being made of
 * them, go too. @param ctx an SQL expression
 */
export const leaveNoImages = (gone: string, ctx: string): string => `
  errands AS (
    INSERT INTO image_errands (instance_uuid, image_id)
    SELECT g.uuid, (g.system_metadata ->> 'shelved_image_id')::uuid FROM ${gone} g
     WHERE g.vm_state IN ('shelved', 'shelved_offloaded') AND g.system_metadata ? 'shelved_image_id'
    UNION SELECT o.instance_uuid, ${IMAGE} FROM operations o JOIN ${gone} g ON g.uuid = o.instance_uuid WHERE ${MADE}
    RETURNING instance_uuid
  ), errands_told AS (
    ${OUTBOX_INSERT}
    SELECT gen_random_uuid(), 'api', '${messages.tendImages.topic}', NULL, '${messages.tendImages.name}', '${messages.tendImages.version}',
           jsonb_build_object('instance_uuid', e.instance_uuid), ${ctx} FROM errands e
  )`;
