// A cell conductor and a placement in memory, for specs of the agent: one instance, its states, and what was asked.
import type {
  BeginBuildResult,
  BuildAndRunInstance,
  BuildInstances,
  Flavor,
  Instance,
  InstanceUpdates,
  RequestSpec,
  TaskState,
  UpdateInstance,
} from '@kilonova/compute-objects';
import { InstanceNotifier, NotificationEmitter } from '@kilonova/notifications';
import { AppError, type Ctx, type MessageInfo, systemCtx } from '@kilonova/util';
import { FakeDriver } from '@kilonova/virt';
import type { CellConductor } from '../service/cell-conductor.client.js';
import { type ManagedHost } from '../service/managed-host.js';

const flavor: Flavor = {
  id: 1,
  flavorid: '1',
  name: 'm1.tiny',
  vcpus: 1,
  memory_mb: 512,
  root_gb: 1,
  ephemeral_gb: 0,
  swap: 0,
  rxtx_factor: 1,
  is_public: true,
  disabled: false,
  description: null,
  extra_specs: {},
};

export const newInstance = (): Instance => ({
  uuid: '00000000-0000-4000-8000-000000000001',
  id: 1,
  display_name: 's',
  display_description: null,
  hostname: 's',
  project_id: 'p',
  user_id: 'u',
  reservation_id: 'r-1',
  launch_index: 0,
  vm_state: 'building',
  task_state: 'scheduling',
  power_state: 0,
  progress: 0,
  host: null,
  node: null,
  launched_on: null,
  compute_node_uuid: null,
  availability_zone: 'nova',
  image_ref: null,
  kernel_id: null,
  ramdisk_id: null,
  flavor,
  key_name: null,
  key_data: null,
  keypairs: [],
  user_data: null,
  config_drive: '',
  access_ip_v4: null,
  access_ip_v6: null,
  auto_disk_config: false,
  root_device_name: null,
  os_type: null,
  architecture: null,
  locked: false,
  locked_by: null,
  locked_reason: null,
  metadata: {},
  system_metadata: {},
  tags: [],
  trusted_certs: null,
  created_at: '2026-01-31T10:00:00Z',
  updated_at: null,
  launched_at: null,
  terminated_at: null,
  deleted_at: null,
  fault: null,
});

const spec = { flavor, instance_group: null } as unknown as RequestSpec;

export const buildMessage = (over: Partial<BuildAndRunInstance> = {}): BuildAndRunInstance => ({
  instance_uuid: newInstance().uuid,
  request_spec: spec,
  image: null,
  requested_networks: 'none',
  admin_password: null,
  selection: {
    compute_node_uuid: 'n',
    service_host: 'h',
    nodename: 'h',
    cell_uuid: 'c',
    availability_zone: 'nova',
    allocation_request: { allocations: {} },
    allocation_request_version: '1.36',
  },
  alternates: [],
  build_attempt: 1,
  ...over,
});

const answerLost = () => new AppError({ kind: 'deadline', code: 'test.answer_lost', message: 'No answer.' });

/** Plays the cell conductor on one instance: compare-and-set on task states, as the database does. */
export class FakeCell {
  instance: Instance | null = newInstance();
  readonly asked: string[] = [];
  readonly handedBack: BuildInstances[] = [];
  begin: BeginBuildResult | undefined;
  /** Called before each update; lets a spec interfere. */
  before: (updates: InstanceUpdates) => void = () => undefined;
  /** Says whether the answer to a call is lost on its way, after all that the call does. */
  lost: (method: string, args: unknown) => boolean = () => false;

  readonly conductor = {
    call: (_ctx: Ctx, { name: method }: MessageInfo, args: never): Promise<unknown> => {
      this.asked.push(method);
      const answer = this.#answer(method, args);
      return this.lost(method, args) ? Promise.reject(answerLost()) : Promise.resolve(answer);
    },
    retryElsewhere: (_ctx: Ctx, args: BuildInstances): Promise<void> => {
      this.handedBack.push(args);
      return Promise.resolve();
    },
  } as unknown as CellConductor;

  #answer(method: string, args: unknown): unknown {
    if (method === 'begin_build') return this.begin ?? this.#begin();
    if (method === 'update_instance') return this.#update(args as UpdateInstance);
    if (method === 'get_instance') return this.instance;
    if (method === 'destroy_instance') return this.#destroy();
    return true;
  }

  #begin(): BeginBuildResult {
    if (this.instance === null) return { outcome: 'stale' };
    if (this.instance.vm_state === 'active') return { outcome: 'done', instance: this.instance };
    this.instance = { ...this.instance, task_state: null, host: 'h', node: 'h' };
    return { outcome: 'begin', instance: this.instance, resumed: false };
  }

  #update({ updates, expected_task_states: expected }: UpdateInstance): unknown {
    this.before(updates);
    const old = this.instance;
    if (old === null || (expected !== undefined && !expected.includes(old.task_state as TaskState | null))) {
      return { outcome: 'stale', vm_state: old?.vm_state ?? null, task_state: old?.task_state ?? null, host: null };
    }
    this.instance = { ...old, ...updates };
    return { outcome: 'updated', instance: this.instance, old_vm_state: old.vm_state, old_task_state: old.task_state };
  }

  #destroy(): unknown {
    const gone = this.instance;
    this.instance = null;
    return { instance: gone && { ...gone, vm_state: 'deleted', task_state: null } };
  }
}

/** A host whose events are noted by name. */
export function managedHost(events: string[], broken = false, host = 'h'): ManagedHost {
  const bus = { notify: (message: { eventType: string }) => Promise.resolve(void events.push(message.eventType)) };
  const emitter = new NotificationEmitter(bus as never, {
    format: 'versioned',
    versionedTopics: ['v'],
    legacyTopics: [],
    onFailure: () => undefined,
  });
  return {
    host,
    driver: new FakeDriver(host, { vcpus: 4, memoryMb: 4096, diskGb: 100 }, () => ({
      spawnDelayMs: 0,
      destroyDelayMs: 0,
      brokenHosts: broken ? [host] : [],
    })),
    nodeUuids: new Map([[host, 'n']]),
    notifier: new InstanceNotifier(emitter, { service: 'compute', host }, ''),
    instances: new Map(),
    disabled: false,
    failedBuilds: 0,
  };
}

export const ctx = systemCtx();
