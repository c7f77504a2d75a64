import { TASK_STATES } from '../states.js';
import { type ActionRule, ANY_TIME, IDLE, LAUNCHED } from './action-rule.js';
import { DEVICE_ACTIONS } from './device-actions.js';
import type { OperationName } from './operation-table.js';

export type { ActionRule } from './action-rule.js';

const SETTLED = ['active', 'paused', 'suspended', 'stopped'] as const;
const SNAPSHOT = { ...LAUNCHED, vmStates: SETTLED, lock: 'ignored' } as const;
const OFFLOAD = { ...LAUNCHED, vmStates: ['shelved'], taskState: 'shelving_offloading', operation: 'shelveOffload' } as const;
const UNSHELVE = { ...LAUNCHED, verb: 'unshelve', taskState: 'unshelving', recordedAs: 'unshelve' } as const;
const REBOOT = { ...LAUNCHED, verb: 'reboot', recordedAs: 'reboot' } as const;
/** What a hard reboot takes the place of, because it may hang. */
const HARD_REBOOT_FROM = [
  null,
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
  'pausing',
  'unpausing',
  'suspending',
  'resuming',
] as const;
const RESIZE = {
  ...LAUNCHED,
  vmStates: ['active', 'stopped'],
  host: 'up',
  taskState: 'resize_prep',
  operation: 'resize',
} as const;
const METADATA = { vmStates: SETTLED, taskStates: 'any', launched: false, host: 'any', lock: 'respected' } as const;

/** A server that leaves its host has no console there any more. */
const STAYS = [null, ...TASK_STATES.filter((task) => task !== 'deleting' && task !== 'migrating')];
const CONSOLE = { vmStates: 'any', taskStates: STAYS, launched: false, host: 'needed', lock: 'ignored' } as const;
const OF_GUEST = { ...ANY_TIME, host: 'needed', lock: 'ignored' } as const;

/** Everything that is asked of a server once it is in its cell; create is no action of this table. */
export const ACTIONS = {
  delete: { ...ANY_TIME, lock: 'respected', taskState: 'deleting', recordedAs: 'delete', operation: 'delete' },
  forceDelete: { ...ANY_TIME, lock: 'respected', taskState: 'deleting', recordedAs: 'delete', operation: 'delete' },
  softDelete: {
    ...ANY_TIME,
    launched: true,
    lock: 'respected',
    verb: 'soft_delete',
    taskState: 'soft-deleting',
    deletedAt: 'now',
    recordedAs: 'delete',
    operation: 'softDelete',
  },
  restore: {
    ...LAUNCHED,
    vmStates: ['soft-delete'],
    taskState: 'restoring',
    deletedAt: 'never',
    recordedAs: 'restore',
    operation: 'restore',
  },
  start: {
    vmStates: ['stopped'],
    taskStates: IDLE,
    launched: true,
    host: 'needed',
    lock: 'respected',
    taskState: 'powering-on',
    recordedAs: 'start',
    operation: 'start',
  },
  stop: {
    vmStates: ['active', 'error'],
    taskStates: IDLE,
    launched: true,
    host: 'needed',
    lock: 'respected',
    taskState: 'powering-off',
    recordedAs: 'stop',
    operation: 'stop',
  },
  pause: { ...LAUNCHED, vmStates: ['active'], taskState: 'pausing', recordedAs: 'pause', operation: 'pause' },
  unpause: { ...LAUNCHED, vmStates: ['paused'], taskState: 'unpausing', recordedAs: 'unpause', operation: 'unpause' },
  suspend: { ...LAUNCHED, vmStates: ['active'], taskState: 'suspending', recordedAs: 'suspend', operation: 'suspend' },
  resume: { ...LAUNCHED, vmStates: ['suspended'], taskState: 'resuming', recordedAs: 'resume', operation: 'resume' },
  rebootSoft: { ...REBOOT, vmStates: ['active'], taskState: 'rebooting', operation: 'rebootSoft' },
  rebootHard: {
    ...REBOOT,
    vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'],
    taskStates: HARD_REBOOT_FROM,
    taskState: 'rebooting_hard',
    operation: 'rebootHard',
  },
  triggerCrashDump: {
    ...LAUNCHED,
    vmStates: ['active', 'paused', 'rescued', 'resized', 'error'],
    host: 'needed',
    verb: 'trigger_crash_dump',
    recordedAs: 'trigger_crash_dump',
    operation: 'triggerCrashDump',
  },
  rescue: {
    ...LAUNCHED,
    vmStates: ['active', 'stopped', 'error'],
    taskState: 'rescuing',
    recordedAs: 'rescue',
    operation: 'rescue',
  },
  unrescue: { ...LAUNCHED, vmStates: ['rescued'], taskState: 'unrescuing', recordedAs: 'unrescue', operation: 'unrescue' },
  changePassword: {
    ...LAUNCHED,
    vmStates: ['active'],
    taskState: 'updating_password',
    recordedAs: 'changePassword',
    operation: 'changePassword',
  },
  createImage: { ...SNAPSHOT, taskState: 'image_snapshot_pending', recordedAs: 'createImage', operation: 'createImage' },
  createBackup: { ...SNAPSHOT, taskState: 'image_backup', recordedAs: 'createBackup', operation: 'createBackup' },
  purgeBackups: { ...ANY_TIME, lock: 'ignored', recordedAs: 'purgeBackups' },
  resize: { ...RESIZE, recordedAs: 'resize', migration: 'resize' },
  migrate: { ...RESIZE, recordedAs: 'migrate', migration: 'migration' },
  confirmResize: { ...LAUNCHED, vmStates: ['resized'], recordedAs: 'confirmResize', operation: 'confirmResize' },
  revertResize: {
    ...LAUNCHED,
    vmStates: ['resized'],
    taskState: 'resize_reverting',
    recordedAs: 'revertResize',
    operation: 'revertResize',
  },
  ...DEVICE_ACTIONS,
  liveMigrate: {
    ...LAUNCHED,
    vmStates: ['active', 'paused'],
    verb: 'os-migrateLive',
    taskState: 'migrating',
    recordedAs: 'live-migration',
    migration: 'live-migration',
    operation: 'liveMigration',
  },
  evacuate: {
    vmStates: ['active', 'stopped', 'error'],
    taskStates: 'any',
    launched: true,
    host: 'needed',
    lock: 'ignored',
    taskState: 'rebuilding',
    recordedAs: 'evacuate',
    migration: 'evacuation',
    operation: 'evacuate',
  },
  abortLiveMigration: {
    ...LAUNCHED,
    vmStates: 'any',
    taskStates: ['migrating'],
    verb: 'abort live migration',
    recordedAs: 'live_migration_cancel',
  },
  forceCompleteLiveMigration: {
    ...LAUNCHED,
    vmStates: ['active'],
    taskStates: ['migrating'],
    verb: 'force_complete',
    recordedAs: 'live_migration_force_complete',
  },
  rebuild: {
    ...LAUNCHED,
    vmStates: ['active', 'stopped', 'error'],
    taskState: 'rebuilding',
    recordedAs: 'rebuild',
    operation: 'rebuild',
  },
  /** Of a server that never got a host: it is scheduled like a new one. */
  rebuildBuried: {
    ...LAUNCHED,
    vmStates: ['pending', 'error'],
    launched: false,
    verb: 'rebuild',
    taskState: 'rebuilding',
    recordedAs: 'rebuild',
    operation: 'rebuild',
  },
  /** On another host than the present one, which lets it go. */
  rebuildElsewhere: {
    ...LAUNCHED,
    vmStates: ['active', 'stopped', 'error'],
    host: 'up',
    verb: 'rebuild',
    taskState: 'rebuilding',
    recordedAs: 'rebuild',
    migration: 'evacuation',
    operation: 'rebuildElsewhere',
  },
  shelve: { ...LAUNCHED, vmStates: SETTLED, taskState: 'shelving', recordedAs: 'shelve', operation: 'shelve' },
  /** Of a server that runs from a volume: no image is made. */
  shelveVolumes: {
    ...LAUNCHED,
    vmStates: SETTLED,
    verb: 'shelve',
    taskState: 'shelving_offloading',
    recordedAs: 'shelve',
    operation: 'shelveOffload',
  },
  shelveOffload: { ...OFFLOAD, recordedAs: 'shelveOffload' },
  /** What follows on a shelve by itself belongs to its record. */
  offloadShelved: { ...OFFLOAD, recordedAs: 'shelve' },
  unshelve: { ...UNSHELVE, vmStates: ['shelved'], operation: 'startShelved' },
  unshelveOffloaded: { ...UNSHELVE, vmStates: ['shelved_offloaded'], operation: 'unshelve' },
  lock: { ...ANY_TIME, lock: 'ignored', recordedAs: 'lock' },
  unlock: { ...ANY_TIME, lock: 'ignored', recordedAs: 'unlock' },
  resetState: { ...ANY_TIME, lock: 'ignored', recordedAs: 'resetState' },
  getConsoleOutput: { ...OF_GUEST, verb: 'get_console_output' },
  getDiagnostics: { ...OF_GUEST, verb: 'get_diagnostics' },
  getVncConsole: { ...CONSOLE, verb: 'get_vnc_console' },
  getSpiceConsole: { ...CONSOLE, verb: 'get_spice_console' },
  getSerialConsole: { ...CONSOLE, verb: 'get_serial_console' },
  getMksConsole: { ...CONSOLE, verb: 'get_mks_console' },
  injectNetworkInfo: { ...OF_GUEST, lock: 'respected', verb: 'inject_network_info' },
  addFixedIp: { ...ANY_TIME, lock: 'respected', verb: 'add_fixed_ip' },
  removeFixedIp: { ...ANY_TIME, lock: 'respected', verb: 'remove_fixed_ip' },
  update: { ...ANY_TIME, lock: 'ignored' },
  updateMetadata: { ...METADATA, verb: 'update metadata' },
  deleteMetadata: { ...METADATA, verb: 'delete metadata' },
  updateTags: { ...METADATA, lock: 'ignored', verb: 'update tags' },
  liveResize: {
    ...LAUNCHED,
    vmStates: ['active', 'paused'],
    host: 'up',
    taskState: 'resize_live',
    recordedAs: 'liveResize',
    operation: 'liveResize',
  },
} as const satisfies Readonly<Record<string, ActionRule>>;

export type ActionName = keyof typeof ACTIONS;

/** Rows by name, as data that may be walked. */
export const actionRule = (name: ActionName): ActionRule => ACTIONS[name];

/** Actions that an operation carries out, and which. */
export type OperationAction = {
  [A in ActionName]: (typeof ACTIONS)[A] extends { readonly operation: OperationName } ? A : never;
}[ActionName];
export type OperationOf<A extends OperationAction> = (typeof ACTIONS)[A]['operation'];
