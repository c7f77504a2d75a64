import { randomUUID } from 'node:crypto';
import type {
  AdvanceStep,
  BlockDevice,
  FinishStep,
  FinishStepResult,
  Instance,
  Migration,
  OperationName,
  OperationSubject,
  StepRef,
  TakeStepResult,
  TaskState,
} from '@kilonova/compute-objects';
import { operationRule, PowerState, pciAliases, stepPlace } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { type NetworkService, NoNetworks } from '@kilonova/network-client';
import { InstanceNotifier, NotificationEmitter } from '@kilonova/notifications';
import { MemoryPlacement } from '@kilonova/placement-client';
import { AppError, type Ctx, type MessageInfo } from '@kilonova/util';
import { DEFAULT_BEHAVIOUR, type FakeBehaviour, FakeDriver, type HardwareSource } from '@kilonova/virt';
import { NoVolumes, type VolumeService } from '@kilonova/volume-client';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { HostDevices } from '../device/host-devices.js';
import { ExternalEvents } from '../external-event/external-events.js';
import { HostHardware } from '../host/host-hardware.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { HostNetworks } from '../network/host-networks.js';
import { HostVolumes } from '../volume/host-volumes.js';

const away = () => new AppError({ kind: 'dependency', code: 'test.away', message: 'No response.' });
/** The arguments of all operations. */
const ARGUMENTS = {
  image: null,
  requested_networks: 'none',
  admin_password: null,
  clean_shutdown: true,
  subject: { image_id: 'image-1' },
  disk_format: 'raw',
};
type Taken = Extract<TakeStepResult, { outcome: 'taken' }>;
const STALE = { outcome: 'stale', on_host: false } as const;

/** Plays the cell conductor on one instance and its one operation, as the database does it, for specs of the agent. */
export class FakeCell {
  instance: Instance;
  operation: { ref: StepRef; taken: boolean; ended?: FinishStepResult } | undefined;
  readonly asked: string[] = [];
  readonly finished: FinishStep[] = [];
  /** Says whether a call fails before (`lost request`) or after (`lost response`) it was done. */
  fails: (method: string) => 'request' | 'response' | undefined = () => undefined;
  onHost = true;
  devices: readonly BlockDevice[] = [];
  /** What the operation keeps beside what every step has. */
  arguments: object = {};
  /** The move that the operation is part of. */
  migration: Migration | null = null;
  /** What else its agent is told when it takes the step. */
  taken: Partial<Taken> = {};

  constructor(operation: OperationName, given: Partial<Instance> = {}) {
    this.instance = anInstance({ vm_state: 'building', task_state: 'scheduling', host: null, ...given });
    this.operation = { ref: this.begin(operation), taken: false };
  }

  /** Another operation takes the place of the present one. */
  begin(operation: OperationName): StepRef {
    const { name: step } = operationRule(operation).steps[0].message;
    const ref = { operation_uuid: randomUUID(), instance_uuid: this.instance.uuid, step, attempt: 1 } as StepRef;
    this.operation = { ref, taken: false };
    return ref;
  }

  readonly conductor = {
    call: async (_ctx: Ctx, { name }: MessageInfo, args: never): Promise<unknown> => {
      this.asked.push(name);
      const failure = this.fails(name);
      if (failure === 'request') throw away();
      const response = this.#respond(name, args);
      if (failure === 'response') throw away();
      return response;
    },
  } as CellConductor;

  #respond(method: string, args: never): unknown {
    if (method === 'take_step') return this.#take(args);
    if (method === 'advance_step') return this.#advance(args);
    if (method === 'finish_step') return this.#finish(args);
    throw new Error(method);
  }

  #take(step: StepRef): TakeStepResult {
    if (this.operation?.ref.operation_uuid !== step.operation_uuid) return { ...STALE, on_host: this.onHost };
    if (this.operation.ended !== undefined) return this.operation.ended as TakeStepResult;
    const { task_state: old_task_state, vm_state: old_vm_state } = this.instance;
    const task = stepPlace(step.step).rule.tasks.at(-1) ?? null;
    this.instance = { ...this.instance, task_state: task, host: 'h' };
    const resumed = this.operation.taken;
    this.operation.taken = true;
    return {
      outcome: 'taken',
      instance: this.instance,
      arguments: { ...ARGUMENTS, ...this.arguments } as never,
      block_devices: this.devices,
      migration: this.migration,
      ...this.taken,
      old_vm_state,
      old_task_state,
      resumed,
    };
  }

  #advance({ operation_uuid, task_state }: AdvanceStep): unknown {
    if (this.operation?.ref.operation_uuid !== operation_uuid) return { ...STALE };
    const old_task_state: TaskState | null = this.instance.task_state;
    this.instance = { ...this.instance, task_state };
    return { outcome: 'advanced', instance: this.instance, old_task_state };
  }

  #finish(step: FinishStep): FinishStepResult {
    if (this.operation?.ref.operation_uuid !== step.operation_uuid) return { ...STALE, on_host: this.onHost };
    if (this.operation.ended !== undefined) return this.operation.ended;
    this.finished.push(step);
    const { operation, rule } = stepPlace(step.step);
    const { vm_state: old_vm_state, task_state: old_task_state } = this.instance;
    const failed = rule.onFailure === 'error' ? 'error' : old_vm_state;
    const ends = operationRule(operation).ends.vmState;
    const power = step.updates.power_state ?? this.instance.power_state;
    const byPower = power === PowerState.SHUTDOWN ? 'stopped' : 'active';
    const kept = ends === 'unchanged' ? old_vm_state : ends;
    const succeeded = kept === 'by-power' ? byPower : kept;
    const vm_state = step.fault === undefined ? succeeded : failed;
    this.instance = { ...this.instance, ...step.updates, vm_state, task_state: null, fault: step.fault ?? null };
    this.operation.ended = {
      outcome: 'finished',
      instance: this.instance,
      old_vm_state,
      old_task_state,
      fault: step.fault ?? null,
      subject: (this.arguments as { subject?: OperationSubject }).subject ?? null,
    };
    return this.operation.ended;
  }
}

/** Of hosts that need none. */
const noConductor: CellConductor = { call: () => Promise.reject(new Error('nobody is asked')) };

/** A host (`h`) whose events are noted by name. */
export function managedHost(
  events: string[],
  behaviour: () => Partial<FakeBehaviour> = () => ({}),
  host = 'h',
  volumes: VolumeService = new NoVolumes(),
  networks: NetworkService = new NoNetworks(),
  hardware: HardwareSource = () => ({}),
  conductor: CellConductor = noConductor,
  expected = new ExternalEvents(),
): ManagedHost {
  const bus = { notify: (message: { eventType: string }) => Promise.resolve(void events.push(message.eventType)) };
  const emitter = new NotificationEmitter(bus as never, {
    format: 'versioned',
    versionedTopics: ['v'],
    legacyTopics: [],
    onFailure: () => undefined,
  });
  const size = { vcpus: 4, memoryMb: 4096, diskGb: 100 };
  const source = () => ({ ...DEFAULT_BEHAVIOUR, ...behaviour() });
  const driver = new FakeDriver(host, size, source, undefined, undefined, hardware);
  const uuids = new Map<string, string>();
  return {
    host,
    driver,
    volumes: new HostVolumes(volumes, driver, {
      readyTimeoutMs: 60,
      readyIntervalMs: 5,
      reimageMsPerGib: 500,
      events: expected,
      log: { warn: () => undefined },
    }),
    devices: new HostDevices(host, driver, conductor, new MemoryPlacement()),
    networks: new HostNetworks(networks, host, { warn: () => undefined }),
    hardware: new HostHardware(driver, { aliases: pciAliases(['gpu=10de:1eb8']), cpuAllocationRatio: 1, ramAllocationRatio: 1 }),
    uuidOf: (node) => {
      const uuid = driver.nodeUuid(node) ?? uuids.get(node) ?? randomUUID();
      uuids.set(node, uuid);
      return uuid;
    },
    notifier: new InstanceNotifier(emitter, { service: 'compute', host }, ''),
    instances: new Map(),
    disabled: false,
    failedBuilds: 0,
  };
}

export const onlyHost = (host: ManagedHost): ManagedHosts => new ManagedHosts([host]);
