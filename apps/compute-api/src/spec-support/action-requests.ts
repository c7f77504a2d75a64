import type { ActionName, VmState } from '@kilonova/compute-objects';
import type { Call } from './server-cloud.js';
import { IMAGE } from './server-cloud.js';

const ADMIN: Call = { as: 'admin:p', roles: 'admin' };
const UUID = '4a2f3c86-4d0c-4c1c-9d0e-9a3a4ffb7a10';

/** How an action of the table is asked for over HTTP; `path` is below the server's own. */
export interface ActionRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly call?: Call;
  /** Rows of the table that judge it in these states. */
  readonly instead?: Readonly<Partial<Record<VmState, ActionName>>>;
}

const act = (name: string, value: unknown = null, call: Call = {}): ActionRequest => ({
  method: 'POST',
  path: '/action',
  call: { ...call, body: { [name]: value } },
});
const console = (protocol: string, type: string): ActionRequest => ({
  method: 'POST',
  path: '/remote-consoles',
  call: { body: { remote_console: { protocol, type } } },
});

/** Why an action is asked for by no request of its own. */
type Reason = string;

/** Every action of the table. A new one is asked for here, or says why it is not. */
export const ACTION_REQUESTS: { readonly [A in ActionName]?: ActionRequest | Reason } & Readonly<
  Record<string, ActionRequest | Reason>
> = {
  delete: { method: 'DELETE', path: '' },
  forceDelete: act('forceDelete'),
  softDelete: 'chosen in place of delete where servers are deleted with delay',
  restore: act('restore'),
  start: act('os-start'),
  stop: act('os-stop'),
  pause: act('pause'),
  unpause: act('unpause'),
  suspend: act('suspend'),
  resume: act('resume'),
  rebootSoft: act('reboot', { type: 'SOFT' }),
  rebootHard: act('reboot', { type: 'HARD' }),
  triggerCrashDump: act('trigger_crash_dump'),
  rescue: act('rescue'),
  unrescue: act('unrescue'),
  changePassword: act('changePassword', { adminPass: 'secret' }),
  createImage: act('createImage', { name: 'i' }),
  createBackup: act('createBackup', { name: 'i', backup_type: 'daily', rotation: 1 }),
  purgeBackups: act('purgeBackups', null, { at: '2.96, kilonova 1.0' }),
  rebuild: act('rebuild', { imageRef: IMAGE }),
  rebuildElsewhere: act('rebuild', { imageRef: IMAGE, elsewhere: true }, { at: '2.96, kilonova 1.0' }),
  rebuildBuried: 'chosen in place of rebuild for what lies in cell0',
  resize: act('resize', { flavorRef: 'f2' }),
  liveResize: act('liveResize', { flavorRef: 'f2' }, { at: '2.96, kilonova 1.0' }),
  migrate: act('migrate', null, ADMIN),
  confirmResize: act('confirmResize'),
  revertResize: act('revertResize'),
  liveMigrate: act('os-migrateLive', { host: null, block_migration: 'auto' }, ADMIN),
  abortLiveMigration: 'about one migration of the server, which it is refused without',
  forceCompleteLiveMigration: 'about one migration of the server, which it is refused without',
  evacuate: 'refused before its state is looked at, as long as its host is up',
  shelve: act('shelve'),
  shelveVolumes: 'chosen in place of shelve where a server runs from a volume',
  shelveOffload: act('shelveOffload', null, ADMIN),
  unshelve: { ...act('unshelve'), instead: { shelved_offloaded: 'unshelveOffloaded' } },
  offloadShelved: 'asked for by a conductor when the time of a shelved server is over',
  unshelveOffloaded: 'chosen in place of unshelve by the state of the server',
  attachVolume: 'about a volume, which is looked for first',
  detachVolume: 'about a volume, which is looked for first',
  swapVolume: 'about a volume, which is looked for first',
  createVolumeSnapshot: 'about a volume, by which its server is looked for',
  deleteVolumeSnapshot: 'about a volume, by which its server is looked for',
  extendVolume: 'asked for by the volume service, which tells of it as an event',
  attachInterface: 'about a port, which is looked for first',
  detachInterface: 'about a port, which is looked for first',
  addFixedIp: 'about a port of the server, which is looked for',
  removeFixedIp: 'about a port of the server, which is looked for',
  lock: act('lock'),
  unlock: act('unlock'),
  resetState: act('os-resetState', { state: 'active' }, ADMIN),
  getConsoleOutput: act('os-getConsoleOutput', {}),
  getDiagnostics: { method: 'GET', path: '/diagnostics', call: ADMIN },
  getVncConsole: console('vnc', 'novnc'),
  getSpiceConsole: console('spice', 'spice-html5'),
  getSerialConsole: console('serial', 'serial'),
  getMksConsole: console('mks', 'webmks'),
  injectNetworkInfo: act('injectNetworkInfo', null, ADMIN),
  update: { method: 'PUT', path: '', call: { body: { server: { description: 'd' } } } },
  updateMetadata: { method: 'POST', path: '/metadata', call: { body: { metadata: { a: UUID } } } },
  deleteMetadata: { method: 'DELETE', path: '/metadata/kept' },
  updateTags: { method: 'PUT', path: '/tags', call: { body: { tags: ['t'] } } },
};
