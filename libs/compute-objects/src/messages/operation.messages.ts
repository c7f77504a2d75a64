import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import type { BlockDeviceUpdate } from '../block-device.js';
import type { Instance } from '../instance.js';
import type { FixedIp, Vif } from '../network-info.js';
import { STEP_NAMES } from '../operations/operation-table.js';
import type {
  AdvanceStep,
  AdvanceStepResult,
  FinishEvacuations,
  FinishStep,
  FinishStepResult,
  HostWork,
  StepUpdates,
  TakeStep,
  TakeStepResult,
} from '../operations/step.js';
import { PowerState, TASK_STATES } from '../states.js';
import { instanceFaultSchema } from './schemas/instance.schema.js';
import { ticketMembers, ticketSchema } from './step-message.js';

const { dictionary, flag, integer, list, nameText, nullable, object, oneOf, optional, text, uuid } = schema;

const percent = integer(0, 100);
/** An interface of a server, as agents tell of it. */
export const vif = object<Vif>({
  port_id: uuid,
  network_id: uuid,
  label: text(),
  mac_address: text(),
  fixed_ips: list(object<FixedIp>({ address: text(), version: oneOf([4, 6]), subnet_id: text() }), 1_000),
  port_state: text(),
  security_groups: optional(list(text(), 1_000)),
  preserve: flag,
  tag: nullable(text()),
});
const blockDeviceUpdate = object<BlockDeviceUpdate>({
  uuid,
  volume_id: optional(uuid),
  attachment_id: optional(uuid),
  device_name: optional(text()),
  volume_size: optional(integer()),
  removed: optional({ const: true } as schema.Schema<true>),
});
/** A step as agents and conductors name it to each other. */
export const stepRefMembers = { ...ticketMembers, step: oneOf(STEP_NAMES) } as const;
const ofHost = { ...stepRefMembers, host: nameText() };

/** Agent → cell conductor: is this step still mine? Answered with the server and what the step needs. */
export const takeStep = callMessage({
  name: 'take_step',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<TakeStep>(ofHost),
  result: resultOf<TakeStepResult>(),
});

/** Agent → cell conductor: another task state within a step, or progress. */
export const advanceStep = callMessage({
  name: 'advance_step',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<AdvanceStep>({ ...ofHost, task_state: oneOf(TASK_STATES), progress: optional(percent) }),
  result: resultOf<AdvanceStepResult>(),
});

/** Agent → cell conductor: the step has ended. May be repeated until it is answered. */
export const finishStep = callMessage({
  name: 'finish_step',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<FinishStep>({
    ...ofHost,
    updates: object<StepUpdates>({
      power_state: optional(oneOf(Object.values(PowerState))),
      progress: optional(percent),
      root_device_name: optional(nullable(text())),
      system_metadata: optional(dictionary(text(65_535))),
      network_info: optional(list(vif, 1_000)),
      block_devices: optional(list(blockDeviceUpdate, 1_000)),
    }),
    fault: optional(instanceFaultSchema),
  }),
  result: resultOf<FinishStepResult>(),
});

/** Agent → cell conductor, at its start: what was this host in the middle of? */
export const hostWork = callMessage({
  name: 'host_work',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<{ readonly host: string }>({ host: nameText() }),
  result: resultOf<HostWork>(),
});

/** Agent → cell conductor: of these evacuations nothing is left on this host. May be repeated. */
export const finishEvacuations = callMessage({
  name: 'finish_evacuations',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<FinishEvacuations>({ host: nameText(), migrations: list(uuid) }),
  result: resultOf<{ readonly completed: number }>(),
});

/** Agent → cell conductor: what may have a guest on the host, moves under way included. */
export const instancesOnHost = callMessage({
  name: 'instances_on_host',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<{ readonly host: string }>({ host: nameText() }),
  result: resultOf<readonly Instance[]>(),
});

/** Cell conductor → itself: a build failed on its host, and looks for the next. */
export const rescheduleBuild = castMessage({
  name: 'reschedule_build',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: ticketSchema,
});
