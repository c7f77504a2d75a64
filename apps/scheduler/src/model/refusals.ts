// Verdicts that are not of one host: why a request has none at all.
import type { HostVerdict, RequestSpec } from '@kilonova/compute-objects';

const verdict = (stage: HostVerdict['stage'], rule: string, reason: string, host: string | null = null): HostVerdict => ({
  host,
  provider_uuid: null,
  stage,
  rule,
  reason,
});

export const preFiltered = (rule: string, reason: string): HostVerdict => verdict('pre-filter', rule, reason);

/** @param refused what placement finds wrong with the query itself */
export const noCandidates = (spec: RequestSpec, refused?: string): HostVerdict =>
  verdict(
    'candidates',
    'allocation candidates',
    refused === undefined
      ? `placement has no candidate for flavor ${spec.flavor.name} under the request's traits, aggregates and zone`
      : `placement cannot meet flavor ${spec.flavor.name}: ${refused}`,
  );

export const noSuchHost = (host: string | null, node: string | null): HostVerdict =>
  verdict('host-state', 'destination', `no cell knows host ${host ?? 'any'} with node ${node ?? 'any'}`, host);

export const unknownToCells = (): HostVerdict =>
  verdict('host-state', 'cells', 'placement offers providers that no enabled cell knows as a compute node');

export const silentCell = (cell: string): HostVerdict =>
  verdict('host-state', 'cells', `cell ${cell} does not answer: its hosts are left out`);
