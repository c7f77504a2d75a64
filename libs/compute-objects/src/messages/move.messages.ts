import { castMessage, schema } from '@kilonova/util';
import type { OperationTicket, SettleHolding } from './move.args.js';

const { object, uuid } = schema;

/** Cell → super conductor: an operation was accepted that needs a host. */
export const placeOperation = castMessage({
  name: 'place_operation',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<OperationTicket>({ operation_uuid: uuid, instance_uuid: uuid }),
});

/** Cell → super conductor: a change of a server's flavor has ended, one way or the other; its quota is to follow. */
export const settleHolding = castMessage({
  name: 'settle_holding',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<SettleHolding>({ instance_uuid: uuid }),
});
