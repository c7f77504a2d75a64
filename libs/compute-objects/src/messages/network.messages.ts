import { callMessage, resultOf, schema } from '@kilonova/util';
import type { IsoTime } from '../instance.js';
import type { Vif } from '../network-info.js';
import { vif } from './operation.messages.js';

const { isoTime, list, nameText, nullable, object, uuid } = schema;

/** The interfaces of an instance as the network service has them. */
export interface ObservedNetworks {
  readonly instance_uuid: string;
  /** Of the instance as it was before the network service was asked: what has changed since is not judged by this. */
  readonly updated_at: IsoTime | null;
  readonly network_info: readonly Vif[];
}

export interface RefreshNetworkInfo {
  readonly host: string;
  readonly instances: readonly ObservedNetworks[];
}

/** How many servers show something else now. */
export interface RefreshNetworkInfoResult {
  readonly changed: number;
}

/** Agent → cell conductor: interfaces that are not what their idle servers' rows say. */
export const refreshNetworkInfo = callMessage({
  name: 'refresh_network_info',
  topic: 'conductor',
  level: 'cell',
  version: '1.0',
  args: object<RefreshNetworkInfo>({
    host: nameText(),
    instances: list(
      object<ObservedNetworks>({ instance_uuid: uuid, updated_at: nullable(isoTime), network_info: list(vif, 1_000) }),
    ),
  }),
  result: resultOf<RefreshNetworkInfoResult>(),
});
