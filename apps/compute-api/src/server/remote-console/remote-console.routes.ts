import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../actions/on-server.js';
import { RemoteConsoleController } from './remote-console.controller.js';
import { remoteConsole, serialConsole, spiceConsole, vncConsole } from './remote-console.schema.js';

const policy = 'os_compute_api:os-remote-consoles';
const max = '2.5';

/** Up to 2.5 an action for each kind of console. */
export const remoteConsoleRoutes: readonly Route[] = aboutThings([
  route({ ...onServer('os-getVNCConsole'), max, policy, body: vncConsole }, RemoteConsoleController, 'vnc'),
  route({ ...onServer('os-getSPICEConsole'), max, policy, body: spiceConsole }, RemoteConsoleController, 'spice'),
  route({ ...onServer('os-getSerialConsole'), max, policy, body: serialConsole }, RemoteConsoleController, 'serial'),
  route(
    { method: 'POST', path: '/servers/:id/remote-consoles', min: '2.6', policy, body: remoteConsole },
    RemoteConsoleController,
    'create',
  ),
]);
