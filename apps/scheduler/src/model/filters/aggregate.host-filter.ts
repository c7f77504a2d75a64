import { aggregateValues, listed } from './aggregate-values.js';
import { matchesExtraSpec } from './extra-spec-operator.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

const SCOPE = 'aggregate_instance_extra_specs:';
const TENANT_KEY = 'filter_tenant_id';

/** Flavor keys (unscoped or `aggregate_instance_extra_specs:`) must be met by the metadata of the host's aggregates. */
export const aggregateInstanceExtraSpecsFilter: HostFilter = {
  name: 'AggregateInstanceExtraSpecsFilter',
  check(host, spec) {
    for (const [key, requirement] of Object.entries(spec.flavor.extra_specs)) {
      const scoped = key.startsWith(SCOPE);
      if (!scoped && key.includes(':')) continue;
      const name = scoped ? key.slice(SCOPE.length) : key;
      if (!aggregateValues(host, name).some((have) => matchesExtraSpec(have, requirement))) {
        return reject(`no aggregate of the host has ${name} = ${requirement}`);
      }
    }
    return PASS;
  },
};

/** Hosts whose aggregates name tenants (`filter_tenant_id*`) serve these only. */
export const aggregateMultiTenancyIsolation: HostFilter = {
  name: 'AggregateMultiTenancyIsolation',
  readsProject: true,
  check(host, spec) {
    const tenants = host.aggregates.flatMap((aggregate) =>
      Object.entries(aggregate.metadata).flatMap(([key, value]) => (key.startsWith(TENANT_KEY) ? listed(value) : [])),
    );
    return tenants.length === 0 || tenants.includes(spec.project_id) ? PASS : reject('the host is kept for other projects');
  },
};

/** Aggregates that name flavors (`instance_type`) take these only. */
export const aggregateTypeAffinityFilter: HostFilter = {
  name: 'AggregateTypeAffinityFilter',
  check(host, spec) {
    const names = aggregateValues(host, 'instance_type');
    return names.length === 0 || names.includes(spec.flavor.name)
      ? PASS
      : reject(`the host is kept for flavors ${names.join(', ')}`);
  },
};

/** What an aggregate says of a property that the image has as well must be the same. Properties that the image lacks do not count. */
export const aggregateImagePropertiesIsolation: HostFilter = {
  name: 'AggregateImagePropertiesIsolation',
  check(host, spec, { options }) {
    const { aggregateImagePropertiesIsolationNamespace: space, aggregateImagePropertiesIsolationSeparator: separator } = options;
    const properties = spec.image?.properties ?? {};
    const keys = new Set(host.aggregates.flatMap((aggregate) => Object.keys(aggregate.metadata)));
    for (const key of keys) {
      const value = properties[key];
      if (value === undefined || (space !== '' && !key.startsWith(`${space}${separator}`))) continue;
      const wanted = aggregateValues(host, key);
      if (!wanted.includes(value)) return reject(`the host is kept for images with ${key} = ${wanted.join(' or ')}`);
    }
    return PASS;
  },
};
