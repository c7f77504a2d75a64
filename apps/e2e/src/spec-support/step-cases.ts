import { OPERATIONS, type OperationName, operationRule, type VmState } from '@kilonova/compute-objects';

/** What a client asks of a server, as the body of an action; `DELETE` and `POST` stand for those requests. */
export type Asked = object | 'DELETE' | 'POST';

/** How an operation is brought about. */
interface Way {
  /** What brings a server, active at first, to where the operation may be asked for. */
  readonly from?: readonly Exclude<Asked, 'POST'>[];
  readonly ask: Asked;
  /** The server's host counts as down. */
  readonly hostDown?: true;
}

const SHELVE = { shelve: null };
const LARGER = { resize: { flavorRef: '2' } };
const IMAGE = { name: 'i' };

/** Undefined: nothing in a cloud of simulated hosts without volumes asks for it; it has specs of its own. */
const WAYS: Readonly<Record<OperationName, Way | undefined>> = {
  build: { ask: 'POST' },
  delete: { ask: { forceDelete: null } },
  softDelete: { ask: 'DELETE' },
  restore: { from: ['DELETE'], ask: { restore: null } },
  start: { from: [{ 'os-stop': null }], ask: { 'os-start': null } },
  stop: { ask: { 'os-stop': null } },
  pause: { ask: { pause: null } },
  unpause: { from: [{ pause: null }], ask: { unpause: null } },
  suspend: { ask: { suspend: null } },
  resume: { from: [{ suspend: null }], ask: { resume: null } },
  rebootSoft: { ask: { reboot: { type: 'SOFT' } } },
  rebootHard: { ask: { reboot: { type: 'HARD' } } },
  triggerCrashDump: { ask: { trigger_crash_dump: null } },
  rescue: { ask: { rescue: {} } },
  unrescue: { from: [{ rescue: {} }], ask: { unrescue: null } },
  changePassword: { ask: { changePassword: { adminPass: 'pw' } } },
  createImage: { ask: { createImage: IMAGE } },
  createBackup: { ask: { createBackup: { ...IMAGE, backup_type: 'daily', rotation: 1 } } },
  rebuild: { ask: { rebuild: { imageRef: 'IMAGE' } } },
  rebuildElsewhere: { ask: { rebuild: { elsewhere: true } } },
  shelve: { ask: SHELVE },
  shelveOffload: { from: [SHELVE], ask: { shelveOffload: null } },
  startShelved: { from: [SHELVE], ask: { unshelve: null } },
  unshelve: { from: [SHELVE, { shelveOffload: null }], ask: { unshelve: null } },
  resize: { ask: LARGER },
  liveResize: { ask: { liveResize: { flavorRef: '2' } } },
  confirmResize: { from: [LARGER], ask: { confirmResize: null } },
  revertResize: { from: [LARGER], ask: { revertResize: null } },
  liveMigration: { ask: { 'os-migrateLive': { host: null, block_migration: 'auto' } } },
  evacuate: { ask: { evacuate: {} }, hostDown: true },
  rollBackLiveMigration: undefined,
  attachVolume: undefined,
  detachVolume: undefined,
  swapVolume: undefined,
  extendVolume: undefined,
  createVolumeSnapshot: undefined,
  deleteVolumeSnapshot: undefined,
  attachInterface: undefined,
  detachInterface: undefined,
};

/** One operation of the table, and what a client does for it. */
export interface StepCase extends Way {
  readonly operation: OperationName;
  readonly from: readonly Exclude<Asked, 'POST'>[];
  readonly steps: readonly string[];
  /** How the server is in the end; null: it is gone. */
  readonly ends: VmState | null;
}

function stateAfter(operation: OperationName): VmState | null {
  const { vmState } = operationRule(operation).ends;
  if (vmState === 'deleted') return null;
  return vmState === 'unchanged' || vmState === 'by-power' ? 'active' : vmState;
}

/** Every operation that a client can ask for, from the table. */
export const STEP_CASES: readonly StepCase[] = (Object.keys(OPERATIONS) as OperationName[]).flatMap((operation) => {
  const way = WAYS[operation];
  if (way === undefined) return [];
  const steps = operationRule(operation).steps.map(({ message }) => message.name);
  return [{ ...way, from: way.from ?? [], operation, steps, ends: stateAfter(operation) }];
});
