import type { ApiRequest } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { utcMicros } from '../common/time.js';
import type { LocatedService } from '../host-directory/host-directory.service.js';
import { COMPUTE_BINARY } from '../host-directory/model/service-state.js';

/** A service; its id is a uuid since 2.53, whether it is forced down shows since 2.11. */
export const serviceView = (request: ApiRequest, { service, wideId, zone, isUp }: LocatedService): Record<string, unknown> => ({
  binary: service.binary,
  host: service.host,
  id: request.version >= Since.uuidIds ? service.uuid : wideId,
  zone,
  status: service.disabled ? 'disabled' : 'enabled',
  state: isUp ? 'up' : 'down',
  updated_at: utcMicros(service.updated_at),
  disabled_reason: service.disabled_reason,
  ...(request.version >= Since.forcedDown ? { forced_down: service.forced_down } : {}),
});

/** What is known of a service whose cell does not answer (2.69). */
export const unknownService = (host: string): Record<string, unknown> => ({ binary: COMPUTE_BINARY, host, status: 'UNKNOWN' });
