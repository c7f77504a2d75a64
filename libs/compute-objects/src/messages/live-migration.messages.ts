import { castMessage, schema } from '@kilonova/util';
import type { OperationTicket } from './move.args.js';

const { object, uuid } = schema;
const ticket = object<OperationTicket>({ operation_uuid: uuid, instance_uuid: uuid });

/** API → agent that works on a live migration: it is not wanted any more. */
export const liveMigrationAbort = castMessage({
  name: 'live_migration_abort',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: ticket,
});

/** API → agent of the source of a live migration that runs: it is to end, whatever the guest does. */
export const liveMigrationForceComplete = castMessage({
  name: 'live_migration_force_complete',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: ticket,
});
