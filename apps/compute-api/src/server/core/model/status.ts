import type { TaskState, VmState } from '@kilonova/compute-objects';

/** What clients see as `status`. */
export const STATUSES = [
  'ACTIVE',
  'BUILD',
  'DELETED',
  'ERROR',
  'HARD_REBOOT',
  'MIGRATING',
  'PASSWORD',
  'PAUSED',
  'PENDING',
  'REBOOT',
  'REBUILD',
  'RESCUE',
  'RESIZE',
  'REVERT_RESIZE',
  'SHELVED',
  'SHELVED_OFFLOADED',
  'SHUTOFF',
  'SOFT_DELETED',
  'SUSPENDED',
  'UNKNOWN',
  'VERIFY_RESIZE',
] as const;
export type Status = (typeof STATUSES)[number];

type TaskStatuses = Partial<Record<TaskState, Status>>;

const RESIZING: TaskStatuses = {
  resize_prep: 'RESIZE',
  resize_migrating: 'RESIZE',
  resize_migrated: 'RESIZE',
  resize_finish: 'RESIZE',
};
const REBUILDING: TaskStatuses = { rebuilding: 'REBUILD', rebuild_block_device_mapping: 'REBUILD', rebuild_spawning: 'REBUILD' };

interface StateStatus {
  readonly status: Status;
  /** Where an operation in progress shows as another status. */
  readonly tasks?: TaskStatuses;
}

const TABLE: Readonly<Record<VmState, StateStatus>> = {
  active: {
    status: 'ACTIVE',
    tasks: {
      rebooting: 'REBOOT',
      reboot_pending: 'REBOOT',
      reboot_started: 'REBOOT',
      rebooting_hard: 'HARD_REBOOT',
      reboot_pending_hard: 'HARD_REBOOT',
      reboot_started_hard: 'HARD_REBOOT',
      updating_password: 'PASSWORD',
      migrating: 'MIGRATING',
      ...RESIZING,
      ...REBUILDING,
    },
  },
  building: { status: 'BUILD' },
  stopped: { status: 'SHUTOFF', tasks: { ...RESIZING, ...REBUILDING } },
  resized: { status: 'VERIFY_RESIZE', tasks: { resize_reverting: 'REVERT_RESIZE' } },
  paused: { status: 'PAUSED', tasks: { migrating: 'MIGRATING' } },
  suspended: { status: 'SUSPENDED' },
  rescued: { status: 'RESCUE' },
  error: { status: 'ERROR', tasks: REBUILDING },
  deleted: { status: 'DELETED' },
  'soft-delete': { status: 'SOFT_DELETED' },
  shelved: { status: 'SHELVED' },
  shelved_offloaded: { status: 'SHELVED_OFFLOADED' },
  pending: { status: 'PENDING', tasks: { rebuilding: 'BUILD' } },
};

/** The state as a client knows it: to who does not ask for Kilonova's extensions, a server that waits for room is one that found none. */
export const knownState = (vmState: VmState, extended: boolean): VmState =>
  vmState === 'pending' && !extended ? 'error' : vmState;

/** The status of a state pair. @param extended as for `knownState` */
export function statusOf(vmState: VmState, taskState: TaskState | null, extended: boolean): Status {
  const entry = TABLE[knownState(vmState, extended)] as StateStatus | undefined;
  if (entry === undefined) return 'UNKNOWN';
  return (taskState === null ? undefined : entry.tasks?.[taskState]) ?? entry.status;
}

/** The states that show as a status, for a list's filter: `tasks` null is any task state outside `except`. */
export interface StateMatch {
  readonly vmState: VmState;
  readonly tasks: readonly TaskState[] | null;
  readonly except: readonly TaskState[];
}

/** All ways to come to a status; empty for a word that is no status. @param extended as for `knownState` */
export function statesOf(status: string, extended: boolean): readonly StateMatch[] {
  const wanted = status.toUpperCase();
  return (Object.keys(TABLE) as VmState[]).flatMap((vmState): StateMatch[] => {
    const entry = TABLE[knownState(vmState, extended)];
    const mapped = Object.entries(entry.tasks ?? {}) as Array<[TaskState, Status]>;
    const tasks = mapped.filter(([, shown]) => shown === wanted).map(([task]) => task);
    if (entry.status === wanted)
      return [{ vmState, tasks: null, except: mapped.filter(([, shown]) => shown !== wanted).map(([task]) => task) }];
    return tasks.length > 0 ? [{ vmState, tasks, except: [] }] : [];
  });
}

const WITH_PROGRESS: readonly Status[] = ['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING'];
const WITH_FAULT: readonly Status[] = ['ERROR', 'PENDING', 'DELETED'];

export const showsProgress = (status: Status): boolean => WITH_PROGRESS.includes(status);
export const showsFault = (status: Status): boolean => WITH_FAULT.includes(status);
