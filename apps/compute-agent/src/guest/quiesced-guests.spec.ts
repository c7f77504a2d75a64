import { anInstance } from '@kilonova/compute-samples';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour, FakeDriver } from '@kilonova/virt';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ManagedHosts } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { ConsoleProxies } from './console-proxies.js';
import { GuestDesk } from './guest-desk.service.js';
import { QuiescedGuests } from './quiesced-guests.service.js';

const ctx = systemCtx();
const instance = anInstance({ host: 'h', system_metadata: { image_hw_qemu_guest_agent: 'yes' } });
const guest = { host: 'h', instance_uuid: instance.uuid };
let behaviour: Partial<FakeBehaviour>;
let host: ReturnType<typeof managedHost>;
let quiesced: QuiescedGuests;
let warnings: string[];
const isQuiesced = () => (host.driver as FakeDriver).isQuiesced(instance.uuid);

beforeEach(async () => {
  [behaviour, warnings] = [{}, []];
  host = managedHost([], () => behaviour);
  await host.driver.spawn({ instance, image: null, admin_password: null }, new AbortController().signal);
  host.instances.set(instance.uuid, instance);
  const log = { warn: (_fields: unknown, text: string) => void warnings.push(text) };
  const desk = new GuestDesk(new ManagedHosts([host]), new ConsoleProxies({} as never), log as never);
  quiesced = new QuiescedGuests(desk, log as never);
  onTestFinished(() => quiesced.onModuleDestroy());
});

describe('a guest that is quiesced', () => {
  it('goes on when it is told to', async () => {
    expect([await quiesced.quiesce(ctx, { ...guest, seconds: 60 }), isQuiesced()]).toEqual([{ outcome: 'told' }, true]);
    expect([await quiesced.unquiesce(ctx, guest), isQuiesced()]).toEqual([{ outcome: 'told' }, false]);
  });

  it('goes on by itself when nobody tells it to', async () => {
    await quiesced.quiesce(ctx, { ...guest, seconds: 0.05 });
    expect(isQuiesced()).toBe(true);
    await eventually(() => expect(isQuiesced()).toBe(false));
  });

  it('goes on when its agent ends', async () => {
    await quiesced.quiesce(ctx, { ...guest, seconds: 60 });
    await quiesced.onModuleDestroy();
    expect(isQuiesced()).toBe(false);
  });

  it.each([
    ['has nobody that listens', {}, {}, 'no-agent'],
    ['is of a hypervisor that cannot', { unsupported: ['*:quiesce'] }, instance.system_metadata, 'unsupported'],
    ['does not manage', { failing: ['*:quiesce'] }, instance.system_metadata, 'failed'],
  ] as const)('that %s is not', async (_what, set, system_metadata, outcome) => {
    behaviour = set;
    host.instances.set(instance.uuid, { ...instance, system_metadata });
    expect([await quiesced.quiesce(ctx, { ...guest, seconds: 60 }), isQuiesced()]).toEqual([{ outcome }, false]);
  });

  it('that does not go on is told in the log', async () => {
    await quiesced.quiesce(ctx, { ...guest, seconds: 60 });
    behaviour = { failing: ['*:unquiesce'] };
    await quiesced.onModuleDestroy();
    expect(warnings).toEqual(['a quiesced guest does not go on']);
  });

  it('is there', async () => {
    const stranger = { host: 'h', instance_uuid: '00000000-0000-4000-8000-000000000000' };
    expect(await quiesced.quiesce(ctx, { ...stranger, seconds: 60 })).toEqual({ outcome: 'absent' });
  });
});
