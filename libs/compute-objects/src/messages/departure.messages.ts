import { castMessage, schema } from '@kilonova/util';
import type { ReleaseQuota, SettleDepartures } from './departure.args.js';

const { list, object, uuid } = schema;

/** Cell's outbox → super conductor: mapping, quota and place in a server group of deleted servers are given back. */
export const settleDepartures = castMessage({
  name: 'settle_departures',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<SettleDepartures>({ instance_uuids: list(uuid) }),
});

/** Cell's outbox → super conductor: soft-deleted servers count against no quota, unless they were restored meanwhile. */
export const releaseQuota = castMessage({
  name: 'release_quota',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<ReleaseQuota>({ instance_uuids: list(uuid) }),
});
