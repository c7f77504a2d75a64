import { anInstance } from '@kilonova/compute-samples';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManagedHosts } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { ConsoleProxies } from './console-proxies.js';
import { GuestDesk } from './guest-desk.service.js';

const instance = anInstance({ host: 'h' });
const guest = { host: 'h', instance_uuid: instance.uuid };
const stranger = { host: 'h', instance_uuid: '00000000-0000-4000-8000-000000000000' };
const never = new AbortController().signal;
const ctx = systemCtx();
let behaviour: Partial<FakeBehaviour>;
let desk: GuestDesk;
let lines: string[];
let turnOff: () => Promise<void>;

const section = {
  vncEnabled: true,
  vncUrl: 'http://vnc',
  spiceEnabled: false,
  spiceUrl: '',
  serialEnabled: true,
  serialUrl: 'ws://serial',
  mksEnabled: true,
  mksUrl: '',
};

beforeEach(async () => {
  behaviour = {};
  lines = [];
  const host = managedHost([], () => behaviour);
  await host.driver.spawn({ instance, image: null, admin_password: null }, never);
  host.instances.set(instance.uuid, instance);
  turnOff = () => host.driver.powerOff(instance.uuid, 0, never);
  const log = { warn: (_fields: unknown, text: string) => void lines.push(text) };
  desk = new GuestDesk(new ManagedHosts([host]), new ConsoleProxies(section), log as never);
});

describe('an agent tells of a guest', () => {
  it('what it wrote to its console', async () => {
    const all = await desk.consoleOutput(ctx, { ...guest, length: null });
    const two = await desk.consoleOutput(ctx, { ...guest, length: 2 });
    if (all.outcome !== 'told' || two.outcome !== 'told') throw new Error('not told');
    expect(two.output.split('\n')).toEqual(all.output.split('\n').slice(-2));
  });

  it('its counters while it runs', async () => {
    expect(await desk.diagnostics(ctx, guest)).toMatchObject({
      outcome: 'told',
      diagnostics: { num_cpus: instance.flavor.vcpus },
    });
    await turnOff();
    expect(await desk.diagnostics(ctx, guest)).toEqual({ outcome: 'not-running', power_state: 4 });
  });

  it('where its console is, and behind which proxy', async () => {
    expect(await desk.console(ctx, { ...guest, protocol: 'vnc', type: 'novnc' })).toMatchObject({
      outcome: 'told',
      console: { access_url_base: 'http://vnc', internal_access_path: instance.uuid },
    });
    expect(await desk.console(ctx, { ...guest, protocol: 'spice', type: 'spice-html5' })).toEqual({ outcome: 'unavailable' });
    expect(await desk.console(ctx, { ...guest, protocol: 'vnc', type: 'serial' })).toEqual({ outcome: 'unknown-type' });
    expect(await desk.console(ctx, { ...guest, protocol: 'mks', type: 'webmks' })).toEqual({ outcome: 'unsupported' });
  });

  it('that it is told of its network', async () => {
    expect(await desk.injectNetworkInfo(ctx, guest)).toEqual({ outcome: 'told' });
  });
});

describe('an agent has nothing to tell', () => {
  it('of a guest that is not there', async () => {
    expect(await desk.consoleOutput(ctx, { ...stranger, length: null })).toEqual({ outcome: 'absent' });
    expect(await desk.injectNetworkInfo(ctx, stranger)).toEqual({ outcome: 'absent' });
  });

  it('where its hypervisor does not have it, fails, or is too slow', async () => {
    behaviour = { unsupported: ['h:consoleOutput'] };
    expect(await desk.consoleOutput(ctx, { ...guest, length: 1 })).toEqual({ outcome: 'unsupported' });
    behaviour = { failing: ['*:consoleOutput'] };
    expect(await desk.consoleOutput(ctx, { ...guest, length: 1 })).toEqual({ outcome: 'failed' });
    behaviour = { delaysMs: { diagnostics: 60_000 } };
    expect(await desk.diagnostics({ ...ctx, deadline: Date.now() + 20 }, guest)).toEqual({ outcome: 'failed' });
    expect(lines).toHaveLength(2);
  });
});
