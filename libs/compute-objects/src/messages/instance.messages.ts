import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import type { Instance } from '../instance.js';
import type {
  DestroyInstanceResult,
  InstanceOnHost,
  InstancesOnHost,
  TerminateInstance,
  UpdateInstance,
  UpdateInstanceResult,
} from './instance.args.js';
import { instanceFaultSchema, instanceUpdatesSchema, taskStateSchema, vmStateSchema } from './schemas/instance.schema.js';

const { list, nameText, object, optional, uuid } = schema;

const instanceOnHost = object<InstanceOnHost>({ host: nameText(), instance_uuid: uuid });

/** API, conductor → agent. */
export const terminateInstance = castMessage({
  name: 'terminate_instance',
  topic: 'compute',
  level: 'cell',
  version: '1.0',
  args: object<TerminateInstance>({ instance_uuid: uuid }),
});

/** Agent → cell conductor: one conditional change of an instance that lives on the agent's host. */
export const updateInstance = callMessage({
  name: 'update_instance',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<UpdateInstance>({
    host: nameText(),
    instance_uuid: uuid,
    updates: instanceUpdatesSchema,
    expected_task_states: optional(list(taskStateSchema, 100)),
    expected_vm_states: optional(list(vmStateSchema, 100)),
    fault: optional(instanceFaultSchema),
  }),
  result: resultOf<UpdateInstanceResult>(),
});

/** Agent → cell conductor: the guest is gone; marks the row deleted. Safe to repeat. */
export const destroyInstance = callMessage({
  name: 'destroy_instance',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: instanceOnHost,
  result: resultOf<DestroyInstanceResult>(),
});

/** Agent → cell conductor; null when the instance is gone, or not on this host. */
export const getInstance = callMessage({
  name: 'get_instance',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: instanceOnHost,
  result: resultOf<Instance | null>(),
});

/** Agent → cell conductor. */
export const instancesOnHost = callMessage({
  name: 'instances_on_host',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<InstancesOnHost>({ host: nameText() }),
  result: resultOf<readonly Instance[]>(),
});
