import type { InstanceFault, InstanceUpdates } from '@kilonova/compute-objects';
import { invalid } from '@kilonova/util';

/** The columns that an update may set; what comes over the bus is checked against it. */
const UPDATABLE: { readonly [K in keyof Required<InstanceUpdates>]: string } = {
  vm_state: 'text',
  task_state: 'text',
  power_state: 'int',
  progress: 'int',
  host: 'text',
  node: 'text',
  launched_on: 'text',
  compute_node_uuid: 'uuid',
  launched_at: 'timestamptz',
  terminated_at: 'timestamptz',
  availability_zone: 'text',
  root_device_name: 'text',
  system_metadata: 'jsonb',
  network_info: 'jsonb',
};

export interface Assignments {
  /** `a = $6, b = $7, `: ends with a comma, empty when nothing is set. */
  readonly text: string;
  readonly values: readonly unknown[];
  /** Column → `$6::int`. */
  readonly parameters: ReadonlyMap<string, string>;
}

const isUpdatable = (field: string): field is keyof typeof UPDATABLE => Object.hasOwn(UPDATABLE, field);

/**
 * The SET list of an update whose parameters start at `$<first>`.
 * @throws AppError `invalid-input`, code `cell.instance.field_not_updatable`.
 */
export function assignments(updates: InstanceUpdates, fault: InstanceFault | undefined, first: number): Assignments {
  const values: unknown[] = [];
  const parts: string[] = [];
  const parameters = new Map<string, string>();
  const set = (column: string, type: string, value: unknown): void => {
    values.push(type === 'jsonb' ? JSON.stringify(value) : value);
    const parameter = `$${first + values.length - 1}::${type}`;
    parameters.set(column, parameter);
    const merged = column === 'system_metadata';
    parts.push(merged ? `system_metadata = i.system_metadata || ${parameter}` : `${column} = ${parameter}`);
  };
  for (const [field, value] of Object.entries(updates)) {
    if (value === undefined) continue;
    if (!isUpdatable(field)) throw invalid('cell.instance.field_not_updatable', `Field ${field} cannot be changed by an update.`);
    set(field, UPDATABLE[field], value);
  }
  if (fault !== undefined) set('fault', 'jsonb', fault);
  return { text: parts.map((part) => `${part}, `).join(''), values, parameters };
}
