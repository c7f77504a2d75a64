import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import type { SelectDestinationsResult } from '../selection.js';
import { type OperationTicket, type SettleHolding, TRIED_OPERATIONS, type TryOperation } from './move.args.js';
import { flavorSchema } from './schemas/flavor.schema.js';

const { flag, nameText, nullable, object, oneOf, optional, text, uuid } = schema;

/** Cell → super conductor: an operation was accepted that needs a host. */
export const placeOperation = castMessage({
  name: 'place_operation',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<OperationTicket>({ operation_uuid: uuid, instance_uuid: uuid }),
});

/** API → super conductor: which host an operation would get; null when the server is in no cell. Nothing is stored. */
export const tryOperation = callMessage({
  name: 'try_operation',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<TryOperation>({
    instance_uuid: uuid,
    operation: oneOf(TRIED_OPERATIONS),
    flavor: nullable(flavorSchema),
    requested_host: nullable(nameText()),
    forced: flag,
    availability_zone: optional(nullable(text())),
  }),
  result: resultOf<SelectDestinationsResult | null>(),
});

/** Cell → super conductor: a change of a server's flavor has ended, one way or the other; its quota is to follow. */
export const settleHolding = castMessage({
  name: 'settle_holding',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<SettleHolding>({ instance_uuid: uuid }),
});
