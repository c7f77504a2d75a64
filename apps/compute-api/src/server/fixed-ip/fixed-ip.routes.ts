import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../actions/on-server.js';
import { FixedIpController } from './fixed-ip.controller.js';
import { addFixedIp, removeFixedIp } from './fixed-ip.schema.js';

const rule = (name: string): string => `os_compute_api:os-multinic:${name}`;
const max = '2.43';

/** Gone since 2.44. */
export const fixedIpRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('addFixedIp'), max, policy: rule('add'), body: addFixedIp }, FixedIpController, 'add'),
  route({ ...onServer('removeFixedIp'), max, policy: rule('remove'), body: removeFixedIp }, FixedIpController, 'remove'),
]);
