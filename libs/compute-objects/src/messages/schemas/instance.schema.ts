import { schema } from '@kilonova/util';
import type { InstanceFault, InstanceUpdates } from '../../instance.js';
import { PowerState, TASK_STATES, VM_STATES } from '../../states.js';

const { dictionary, integer, isoTime, nameText, nullable, object, oneOf, optional, text, uuid } = schema;

/** Details of faults and events: a driver's output, a stack. Characters. */
export const DETAILS_LIMIT = 1_048_576;

export const vmStateSchema = oneOf(VM_STATES);
export const taskStateSchema = nullable(oneOf(TASK_STATES));

export const instanceFaultSchema = object<InstanceFault>({
  code: integer(0, 999),
  message: text(DETAILS_LIMIT),
  details: text(DETAILS_LIMIT),
  host: nullable(nameText()),
  created_at: isoTime,
});

export const instanceUpdatesSchema = object<InstanceUpdates>({
  vm_state: optional(vmStateSchema),
  task_state: optional(taskStateSchema),
  power_state: optional(oneOf(Object.values(PowerState))),
  progress: optional(integer(0, 100)),
  host: optional(nullable(nameText())),
  node: optional(nullable(nameText())),
  launched_on: optional(nullable(nameText())),
  compute_node_uuid: optional(nullable(uuid)),
  launched_at: optional(nullable(isoTime)),
  terminated_at: optional(nullable(isoTime)),
  availability_zone: optional(nullable(text())),
  root_device_name: optional(nullable(text())),
  system_metadata: optional(dictionary(text(65_535))),
});
