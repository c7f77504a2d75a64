import type { HostState } from '../host-state.js';
import { matchesExtraSpec } from './extra-spec-operator.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

const SCOPE = 'aggregate_instance_extra_specs:';
const TENANT_KEY = 'filter_tenant_id';

const values = (text: string): readonly string[] => text.split(',').map((part) => part.trim());

const metadataValues = (host: HostState, key: string): readonly string[] =>
  host.aggregates.flatMap((aggregate) => values(aggregate.metadata[key] ?? '').filter((value) => value !== ''));

/** Flavor keys (unscoped or `aggregate_instance_extra_specs:`) must be met by the metadata of the host's aggregates. */
export const aggregateInstanceExtraSpecsFilter: HostFilter = {
  name: 'AggregateInstanceExtraSpecsFilter',
  oncePerRun: true,
  check(host, spec) {
    for (const [key, requirement] of Object.entries(spec.flavor.extra_specs)) {
      const scoped = key.startsWith(SCOPE);
      if (!scoped && key.includes(':')) continue;
      const name = scoped ? key.slice(SCOPE.length) : key;
      if (!metadataValues(host, name).some((have) => matchesExtraSpec(have, requirement))) {
        return reject(`no aggregate of the host has ${name} = ${requirement}`);
      }
    }
    return PASS;
  },
};

/** Hosts whose aggregates name tenants (`filter_tenant_id*`) serve these only. */
export const aggregateMultiTenancyIsolation: HostFilter = {
  name: 'AggregateMultiTenancyIsolation',
  oncePerRun: true,
  readsProject: true,
  check(host, spec) {
    const tenants = host.aggregates.flatMap((aggregate) =>
      Object.entries(aggregate.metadata).flatMap(([key, value]) => (key.startsWith(TENANT_KEY) ? values(value) : [])),
    );
    return tenants.length === 0 || tenants.includes(spec.project_id) ? PASS : reject('the host is kept for other projects');
  },
};
