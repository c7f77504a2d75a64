import type { RequestSpec } from '@kilonova/compute-objects';
import { reasonOf } from '@kilonova/util';
import { free, type HostState } from '../host-state.js';
import { type HostFilter, PASS, reject } from './host-filter.js';

type Value = string | number | boolean | null;

/** What `$…` may name, as hints of old do; a name with dots goes on in `stats`, `capabilities` or the service. */
function field(host: HostState, path: string): Value {
  const { facts, resources } = host;
  const [first = '', second = ''] = path.split('.');
  const known: Record<string, Value> = {
    host: facts.host,
    nodename: facts.nodename,
    uuid: facts.computeNodeUuid,
    host_ip: facts.hostIp,
    hypervisor_type: facts.hypervisorType,
    hypervisor_version: facts.hypervisorVersion,
    cpu_info: facts.cpuInfo,
    free_ram_mb: free(host, 'MEMORY_MB'),
    total_usable_ram_mb: resources['MEMORY_MB']?.capacity ?? 0,
    free_disk_mb: free(host, 'DISK_GB') * 1024,
    total_usable_disk_gb: resources['DISK_GB']?.capacity ?? 0,
    vcpus_total: resources['VCPU']?.capacity ?? 0,
    vcpus_used: resources['VCPU']?.used ?? 0,
    num_instances: Number(facts.stats['num_instances'] ?? 0) + host.taken,
    num_io_ops: Number(facts.stats['io_workload'] ?? 0) + host.taken,
  };
  if (first === 'stats' || first === 'capabilities') return own(facts.stats, second);
  if (first === 'service') return second === 'disabled' ? facts.service.disabled : second === 'host' ? facts.host : null;
  return own(known, first);
}

const own = (values: Readonly<Record<string, Value>>, name: string): Value =>
  Object.hasOwn(values, name) ? (values[name] ?? null) : null;

const compare = (holds: (a: Value, b: Value) => boolean) => (values: readonly Value[]) => {
  const [first, ...others] = values;
  return first !== undefined && others.length > 0 && others.every((other) => holds(first, other));
};

const inOrder = (holds: (a: number, b: number) => boolean) =>
  compare((a, b) => a !== null && b !== null && holds(Number(a), Number(b)));

const OPERATORS: Readonly<Record<string, (values: readonly Value[]) => boolean>> = {
  '=': compare((a, b) => a !== null && (a === b || String(a) === String(b))),
  '<': inOrder((a, b) => a < b),
  '>': inOrder((a, b) => a > b),
  '<=': inOrder((a, b) => a <= b),
  '>=': inOrder((a, b) => a >= b),
  in: ([first, ...others]) => first !== undefined && others.some((other) => String(other) === String(first)),
  not: (values) => values.every((value) => value !== true),
  and: (values) => values.every((value) => value === true),
  or: (values) => values.some((value) => value === true),
};

const DEPTH = 32;

/** @throws Error for an expression that is none */
function evaluate(expression: unknown, host: HostState, depth = 0): Value {
  if (depth > DEPTH) throw new Error('the query is too deep');
  if (!Array.isArray(expression)) return atom(expression, host);
  const [name, ...rest] = expression as unknown[];
  const operator = typeof name === 'string' && Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) throw new Error(`there is no operator ${JSON.stringify(name)}`);
  return operator(rest.map((part) => evaluate(part, host, depth + 1)));
}

const atom = (value: unknown, host: HostState): Value =>
  typeof value === 'string' && value.startsWith('$') ? field(host, value.slice(1)) : (value as Value);

/** Queries by the request that asks with them: each is asked of every host, and read once. */
const queries = new WeakMap<RequestSpec, { readonly expression: unknown }>();

/** @throws SyntaxError for what is no JSON */
function queryOf(spec: RequestSpec, text: string): unknown {
  const known = queries.get(spec) ?? { expression: JSON.parse(text) as unknown };
  queries.set(spec, known);
  return known.expression;
}

/** Hint `query`: an expression in JSON over what is known of a host, operators first: `["and", [">=", "$free_ram_mb", 1024], …]`. */
export const jsonFilter: HostFilter = {
  name: 'JsonFilter',
  check(host, spec) {
    const [query] = spec.scheduler_hints['query'] ?? [];
    if (query === undefined || query === '') return PASS;
    try {
      return evaluate(queryOf(spec, query), host) === true
        ? PASS
        : reject(`the query of the hint does not hold: ${shortened(query)}`);
    } catch (error) {
      return reject(`the query of the hint cannot be read: ${shortened(reasonOf(error))}`);
    }
  },
};

/** A reason is kept for each host. */
const REASON_CHARACTERS = 200;
const shortened = (text: string): string => (text.length > REASON_CHARACTERS ? `${text.slice(0, REASON_CHARACTERS)}…` : text);
