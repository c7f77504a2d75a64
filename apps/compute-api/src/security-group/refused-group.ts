import type { NetworkOutcome } from '@kilonova/network-client';
import { type AppError, forbidden, invalid, notFound } from '@kilonova/util';

/** Source: what Nova answers to each of Neutron's refusals. */
export function refusedGroup({ reason, message }: Extract<NetworkOutcome<object>, { outcome: 'refused' }>): AppError {
  if (reason === 'not-found') return notFound('compute.security_group.not_found', message);
  if (reason === 'over-quota') return forbidden('compute.security_group.over_quota', message);
  return invalid('compute.security_group.refused', message);
}
