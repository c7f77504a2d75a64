import { callMessage, resultOf, schema } from '@kilonova/util';
import type { IsoTime } from '../instance.js';
import { PowerState } from '../states.js';

const { isoTime, list, nameText, nullable, object, oneOf, uuid } = schema;

/** The power of a guest as its hypervisor has it. */
export interface ObservedPower {
  readonly instance_uuid: string;
  /** Of the instance as the agent saw it before it looked at the guest: what has changed since is not judged by this. */
  readonly updated_at: IsoTime | null;
  readonly power_state: PowerState;
}

export interface SyncPowerStates {
  readonly host: string;
  readonly guests: readonly ObservedPower[];
}

/** How many servers are stopped for it. */
export interface SyncPowerStatesResult {
  readonly stopped: number;
}

/** Agent → cell conductor: guests whose power is not what their idle servers' rows say. */
export const syncPowerStates = callMessage({
  name: 'sync_power_states',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<SyncPowerStates>({
    host: nameText(),
    guests: list(
      object<ObservedPower>({
        instance_uuid: uuid,
        updated_at: nullable(isoTime),
        power_state: oneOf(Object.values(PowerState)),
      }),
    ),
  }),
  result: resultOf<SyncPowerStatesResult>(),
});
