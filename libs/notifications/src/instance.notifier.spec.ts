import type { ImageMeta, Instance } from '@kilonova/compute-objects';
import type { NotificationMessage } from '@kilonova/messaging';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { NotificationEmitter, type NotificationFormat } from './emitter.js';
import { InstanceNotifier } from './instance.notifier.js';
import type { VersionedObject } from './versioned/index.js';

const instance: Instance = {
  uuid: '1d88c2c7-a64c-4556-931b-4c390cc24f29',
  id: 8,
  display_name: 's1',
  display_description: null,
  hostname: 's1',
  project_id: 'p',
  user_id: 'u',
  reservation_id: 'r-4grqi0tp',
  launch_index: 0,
  vm_state: 'active',
  task_state: null,
  power_state: 1,
  progress: 0,
  host: 'compute1',
  node: 'compute1',
  launched_on: 'compute1',
  compute_node_uuid: null,
  availability_zone: 'nova',
  image_ref: 'i',
  kernel_id: null,
  ramdisk_id: null,
  flavor: {
    id: 1,
    flavorid: '1',
    name: 'm1.tiny',
    vcpus: 1,
    memory_mb: 512,
    root_gb: 1,
    ephemeral_gb: 2,
    swap: 0,
    rxtx_factor: 1,
    is_public: true,
    disabled: false,
    description: null,
    extra_specs: {},
  },
  key_name: null,
  key_data: null,
  keypairs: [{ name: 'k', user_id: 'u', type: 'ssh', fingerprint: 'f', public_key: 'ssh-rsa x' }],
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
  metadata: { a: 'b' },
  system_metadata: { image_min_ram: '0', old_vm_state: 'stopped' },
  tags: ['t'],
  trusted_certs: null,
  network_info: [
    {
      port_id: '22222222-2222-4222-8222-222222222222',
      network_id: 'net',
      label: 'blue',
      mac_address: 'fa:16:3e:00:00:01',
      fixed_ips: [{ address: '10.0.0.10', version: 4, subnet_id: 's' }],
      port_state: 'ACTIVE',
      preserve: false,
      tag: null,
    },
  ],
  created_at: '2026-11-21T03:15:13.123Z',
  updated_at: '2026-11-21T03:15:14Z',
  launched_at: '2026-11-21T03:15:14Z',
  terminated_at: null,
  deleted_at: null,
  fault: null,
};

const ctx = systemCtx();
const NOW = new Date('2026-11-21T03:15:15Z');
let sent: NotificationMessage[];

const notifier = (
  format: NotificationFormat,
  notify = (message: NotificationMessage) => Promise.resolve(void sent.push(message)),
): InstanceNotifier => {
  const emitter = new NotificationEmitter(
    { notify } as never,
    { format, versionedTopics: ['versioned_notifications'], legacyTopics: ['notifications'], onFailure: () => undefined },
    () => NOW,
  );
  return new InstanceNotifier(emitter, { service: 'compute', host: 'compute1' }, 'http://images', () => NOW);
};

beforeEach(() => {
  sent = [];
});

const data = (message: NotificationMessage | undefined): Record<string, unknown> =>
  (message as { payload: VersionedObject }).payload['nova_object.data'] as Record<string, unknown>;

describe('events of an instance', () => {
  it.each([
    ['both', ['compute.instance.create.end', 'instance.create.end']],
    ['versioned', ['instance.create.end']],
    ['unversioned', ['compute.instance.create.end']],
  ] as const)('leave in the families of format %s', async (format, types) => {
    await notifier(format).create(ctx, instance, 'end');
    expect(sent.map((message) => message.eventType)).toEqual(types);
  });

  it('name their publisher as each family does', async () => {
    await notifier('both').create(ctx, instance, 'start');
    expect(sent.map((message) => [message.topic, message.publisherId])).toEqual([
      ['notifications', 'compute.compute1'],
      ['versioned_notifications', 'nova-compute:compute1'],
    ]);
  });

  it('carry the versioned payload that consumers know', async () => {
    await notifier('versioned').create(ctx, instance, 'end');
    const payload = sent[0]?.payload as VersionedObject;
    expect([payload['nova_object.name'], payload['nova_object.version']]).toEqual(['InstanceCreatePayload', '1.13']);
    expect(data(sent[0])).toMatchObject({
      uuid: instance.uuid,
      tenant_id: 'p',
      host_name: 's1',
      state: 'active',
      power_state: 'running',
      auto_disk_config: 'MANUAL',
      instance_name: 'instance-00000008',
      created_at: '2026-11-21T03:15:13Z',
      launched_at: '2026-11-21T03:15:14Z',
      deleted_at: null,
      request_id: ctx.requestId,
      fault: null,
      tags: ['t'],
      ip_addresses: [
        {
          'nova_object.name': 'IpPayload',
          'nova_object.namespace': 'nova',
          'nova_object.version': '1.0',
          'nova_object.data': {
            label: 'blue',
            mac: 'fa:16:3e:00:00:01',
            meta: {},
            port_uuid: '22222222-2222-4222-8222-222222222222',
            version: 4,
            address: '10.0.0.10',
            device_name: 'tap22222222-22',
          },
        },
      ],
    });
    expect((data(sent[0])['flavor'] as VersionedObject)['nova_object.data']).toMatchObject({
      flavorid: '1',
      root_gb: 1,
      projects: null,
    });
  });

  it('tell an update with the states before and after and the month as audit period', async () => {
    await notifier('both').update(ctx, instance, { oldVmState: 'building', oldTaskState: 'spawning' });
    expect(sent[0]?.payload).toMatchObject({
      state: 'active',
      old_state: 'building',
      old_task_state: 'spawning',
      new_task_state: null,
      audit_period_beginning: '2026-11-01T00:00:00.000000',
    });
    expect((data(sent[1])['state_update'] as VersionedObject)['nova_object.data']).toEqual({
      old_state: 'building',
      state: 'active',
      old_task_state: 'spawning',
      new_task_state: null,
    });
    expect((data(sent[1])['audit_period'] as VersionedObject)['nova_object.data']).toEqual({
      audit_period_beginning: '2026-11-01T00:00:00Z',
      audit_period_ending: '2026-11-21T03:15:15Z',
    });
  });

  it('write the unversioned payload in its own ways of times and names', async () => {
    await notifier('unversioned').action(ctx, instance, 'delete', 'start');
    expect(sent[0]?.payload).toMatchObject({
      instance_id: instance.uuid,
      instance_type: 'm1.tiny',
      disk_gb: 3,
      created_at: '2026-11-21 03:15:13+00:00',
      launched_at: '2026-11-21T03:15:14.000000',
      deleted_at: '',
      image_ref_url: 'http://images/images/i',
      state_description: '',
      progress: '',
      image_meta: { min_ram: '0' },
      metadata: { a: 'b' },
    });
  });

  it('are errors when something failed', async () => {
    const fault = { code: 500, message: 'no disk', details: 'stack', host: 'compute1', created_at: '2026-11-21T03:15:14Z' };
    await notifier('both').create(ctx, instance, 'error', fault);
    expect(sent.map((message) => message.priority)).toEqual(['ERROR', 'ERROR']);
    expect(sent[0]?.payload).toMatchObject({ message: 'no disk', code: 500 });
    expect((data(sent[1])['fault'] as VersionedObject)['nova_object.data']).toMatchObject({
      exception_message: 'no disk',
      traceback: 'stack',
    });
  });

  it('never fail their caller', async () => {
    await expect(
      notifier('both', () => Promise.reject(new Error('no broker'))).create(ctx, instance, 'end'),
    ).resolves.toBeUndefined();
  });

  it('tell of a rescue which image it is done with', async () => {
    const image = { id: 'r', name: 'rescue me' } as ImageMeta;
    const args = { rescue_image_ref: 'r', image, admin_password: 'secret' };
    await notifier('both').event(ctx, instance, 'rescue', 'start', { arguments: args });
    expect(sent.map(({ eventType }) => eventType)).toEqual(['compute.instance.rescue.start', 'instance.rescue.start']);
    expect(sent[0]?.payload).toMatchObject({ rescue_image_name: 'rescue me' });
    expect(sent[1]?.payload).toMatchObject({ 'nova_object.name': 'InstanceActionRescuePayload' });
    expect(data(sent[1])).toMatchObject({ rescue_image_ref: 'r', fault: null });
    expect(JSON.stringify(sent)).not.toContain('secret');
  });

  it('tell of a resize by the names that each family has for it, and of the flavor that is wanted', async () => {
    const flavor = { ...instance.flavor, id: 7, flavorid: 'seven', name: 'm1.seven' };
    const args = { arguments: { flavor, requested_host: null } };
    await notifier('both').event(ctx, instance, 'resize_prep', 'start', args);
    await notifier('both').event(ctx, instance, 'resize_finish', 'end', args);
    await notifier('both').event(ctx, instance, 'resize_confirm', 'start');
    await notifier('both').event(ctx, instance, 'resize_revert', 'end');
    expect(sent.map(({ eventType }) => eventType)).toEqual([
      'compute.instance.resize.prep.start',
      'instance.resize_prep.start',
      'compute.instance.finish_resize.end',
      'instance.resize_finish.end',
      'compute.instance.resize.confirm.start',
      'instance.resize_confirm.start',
      'compute.instance.resize.revert.end',
      'instance.resize_revert.end',
    ]);
    expect(sent[1]?.payload).toMatchObject({
      'nova_object.name': 'InstanceActionResizePrepPayload',
      'nova_object.version': '1.4',
    });
    expect(data(sent[1])).toMatchObject({ new_flavor: { 'nova_object.data': { flavorid: 'seven' } } });
  });

  it('name the wanted flavor in the unversioned family once a resize is prepared', async () => {
    const flavor = { ...instance.flavor, id: 7, flavorid: 'seven', name: 'm1.seven' };
    const args = { arguments: { flavor, requested_host: null } };
    await notifier('unversioned').event(ctx, instance, 'resize_prep', 'start', args);
    await notifier('unversioned').event(ctx, instance, 'resize_prep', 'end', args);
    expect(sent[0]?.payload).not.toHaveProperty('new_instance_type');
    expect(sent[1]?.payload).toMatchObject({ new_instance_type: 'm1.seven', new_instance_type_id: 7 });
  });

  it.each([
    ['create', ['end']],
    ['resize', ['start', 'end']],
    ['resize_finish', ['start', 'end']],
    ['resize_confirm', ['end']],
    ['resize_prep', []],
    ['rebuild', ['end']],
    ['rescue', ['start', 'end']],
    ['power_off', []],
  ])('tell the addresses of the server in the unversioned family where consumers know them: %s', async (name, phases) => {
    for (const phase of ['start', 'end'] as const) await notifier('unversioned').event(ctx, instance, name, phase);
    const fixed_ips = [
      {
        address: '10.0.0.10',
        type: 'fixed',
        version: 4,
        label: 'blue',
        vif_mac: 'fa:16:3e:00:00:01',
        meta: {},
        floating_ips: [],
      },
    ];
    const telling = sent.filter(({ payload }) => 'fixed_ips' in (payload as object));
    expect(telling.map(({ eventType }) => eventType.split('.').at(-1))).toEqual(phases);
    for (const { payload } of telling) expect(payload).toMatchObject({ fixed_ips });
  });

  it('without phases are told by an agent in the unversioned family, where that knows them', async () => {
    for (const name of ['evacuate', 'rebuild_scheduled', 'lock']) await notifier('both').single(ctx, instance, name);
    expect(sent.map(({ publisherId, eventType }) => `${publisherId} ${eventType}`)).toEqual([
      'compute.compute1 compute.instance.evacuate',
      'nova-compute:compute1 instance.evacuate',
      'compute.compute1 compute.instance.rebuild.scheduled',
      'nova-compute:compute1 instance.rebuild_scheduled',
      'nova-compute:compute1 instance.lock',
    ]);
    expect(sent[3]?.payload).toMatchObject({ 'nova_object.name': 'InstanceActionRebuildPayload' });
  });

  it('tell of a snapshot which image the instance becomes', async () => {
    await notifier('both').event(ctx, instance, 'snapshot', 'end', {
      arguments: { subject: { image_id: 'i1' }, disk_format: 'raw' },
    });
    expect(sent.map(({ eventType }) => eventType)).toEqual(['compute.instance.snapshot.end', 'instance.snapshot.end']);
    expect(sent[1]?.payload).toMatchObject({
      'nova_object.name': 'InstanceActionSnapshotPayload',
      'nova_object.version': '1.10',
    });
    expect(data(sent[1])).toMatchObject({ snapshot_image_id: 'i1', fault: null });
  });

  it('tell that an instance exists, in the month so far', async () => {
    await notifier('both').exists(ctx, instance);
    expect(sent.map(({ eventType }) => eventType)).toEqual(['compute.instance.exists', 'instance.exists']);
    expect(sent[0]?.payload).toMatchObject({
      audit_period_beginning: '2026-11-01 00:00:00',
      audit_period_ending: '2026-11-21 03:15:15',
    });
    expect(sent[1]?.payload).toMatchObject({ 'nova_object.name': 'InstanceExistsPayload' });
    expect((data(sent[1])['audit_period'] as VersionedObject)['nova_object.data']).toEqual({
      audit_period_beginning: '2026-11-01T00:00:00Z',
      audit_period_ending: '2026-11-21T03:15:15Z',
    });
  });
});
