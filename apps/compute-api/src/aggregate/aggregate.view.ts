import type { Aggregate } from '@kilonova/api-db';
import type { ApiRequest } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { utcMicros } from '../common/time.js';
import { ZONE_KEY } from './model/zone-rules.js';

/** A new aggregate: hosts and metadata are not told. Its uuid shows since 2.41. */
export const aggregateCreated = (request: ApiRequest, aggregate: Aggregate): Record<string, unknown> => ({
  id: aggregate.id,
  ...(request.version >= Since.aggregateUuid ? { uuid: aggregate.uuid } : {}),
  name: aggregate.name,
  created_at: utcMicros(aggregate.created_at),
  updated_at: utcMicros(aggregate.updated_at),
  deleted_at: null,
  deleted: false,
  availability_zone: aggregate.metadata[ZONE_KEY] ?? null,
});

export const aggregateView = (request: ApiRequest, aggregate: Aggregate): Record<string, unknown> => ({
  ...aggregateCreated(request, aggregate),
  hosts: aggregate.hosts,
  metadata: aggregate.metadata,
});
