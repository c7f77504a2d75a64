import { castMessage, schema } from '@kilonova/util';
import type { SettleDepartures } from './departure.args.js';

const { list, object, uuid } = schema;

/** Cell's outbox → super conductor: mapping, quota and place in a server group of deleted servers are given back. */
export const settleDepartures = castMessage({
  name: 'settle_departures',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<SettleDepartures>({ instance_uuids: list(uuid) }),
});
