import { callMessage, resultOf, schema } from '@kilonova/util';
import type { AssignDevices, AssignDevicesResult, WantedDevices } from '../guest-device.js';
import { stepRefMembers } from './operation.messages.js';

const { integer, list, nameText, object } = schema;

/** Agent → cell conductor: free ones of a host's devices become a server's. May be repeated while the step is the agent's. */
export const assignDevices = callMessage({
  name: 'assign_devices',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<AssignDevices>({
    ...stepRefMembers,
    host: nameText(),
    wanted: list(
      object<WantedDevices>({ resource_class: nameText(), amount: integer(1, 10_000), devices: list(nameText()) }),
      1_000,
    ),
  }),
  result: resultOf<AssignDevicesResult>(),
});
