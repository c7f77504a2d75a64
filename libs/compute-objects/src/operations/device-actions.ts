import { type ActionRule, ANY_TIME, LAUNCHED } from './action-rule.js';

/** States in which a server is given a disk, or one is taken away; without a host, no agent is told. */
const WITH_DISKS = ['active', 'paused', 'stopped', 'resized', 'soft-delete', 'shelved', 'shelved_offloaded'] as const;
/** What is done to disks and interfaces of servers: rows of the action table. */
export const DEVICE_ACTIONS = {
  attachVolume: {
    ...LAUNCHED,
    vmStates: WITH_DISKS,
    verb: 'attach_volume',
    recordedAs: 'attach_volume',
    operation: 'attachVolume',
  },
  detachVolume: {
    ...LAUNCHED,
    vmStates: WITH_DISKS,
    verb: 'detach_volume',
    recordedAs: 'detach_volume',
    operation: 'detachVolume',
  },
  swapVolume: {
    ...LAUNCHED,
    vmStates: ['active', 'paused', 'resized'],
    host: 'needed',
    verb: 'swap_volume',
    recordedAs: 'swap_volume',
    operation: 'swapVolume',
  },
  /** Asked for by the volume service. */
  extendVolume: {
    ...ANY_TIME,
    host: 'needed',
    lock: 'ignored',
    verb: 'extend_volume',
    recordedAs: 'extend_volume',
    operation: 'extendVolume',
  },
  createVolumeSnapshot: {
    ...LAUNCHED,
    vmStates: 'any',
    host: 'needed',
    lock: 'ignored',
    verb: 'volume_snapshot_create',
    recordedAs: 'volume_snapshot_create',
    operation: 'createVolumeSnapshot',
  },
  deleteVolumeSnapshot: {
    ...LAUNCHED,
    vmStates: 'any',
    host: 'needed',
    lock: 'ignored',
    verb: 'volume_snapshot_delete',
    recordedAs: 'volume_snapshot_delete',
    operation: 'deleteVolumeSnapshot',
  },
  attachInterface: {
    ...LAUNCHED,
    vmStates: ['active', 'paused', 'stopped'],
    verb: 'attach_interface',
    recordedAs: 'attach_interface',
    operation: 'attachInterface',
  },
  detachInterface: {
    ...LAUNCHED,
    vmStates: ['active', 'paused', 'stopped'],
    verb: 'detach_interface',
    recordedAs: 'detach_interface',
    operation: 'detachInterface',
  },
} as const satisfies Readonly<Record<string, ActionRule>>;
