import { execute, rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Cast, useServerCloud } from '../../spec-support/server-cloud.js';

const cloud = useServerCloud({ messaging: { callTimeoutSeconds: 1 } });
const ADMIN = { as: 'admin:p', roles: 'admin' } as const;
const STATES = { outcome: 'told' } as const;

/** What the agent of host1 answers by method. */
let told: Record<string, (cast: Cast) => unknown>;
cloud.onCast = async (cast) => told[cast.method]?.(cast);

beforeEach(async () => {
  told = {};
  await cloud.clear();
});

const act = (id: string, body: unknown, more: object = {}) => cloud.call('POST', `/servers/${id}/action`, { body, ...more });
const outputOf = (id: string, asked: object = {}) => act(id, { 'os-getConsoleOutput': asked });

describe('the output of a console', () => {
  it('is asked of the agent, in lines from the end or whole, without control characters', async () => {
    const id = await cloud.active();
    told['get_console_output'] = ({ args }) => ({ ...STATES, output: `${JSON.stringify(args)}\u001b\n` });
    const asked = async (length: object) => JSON.parse((await outputOf(id, length)).body.output);
    expect(await asked({ length: 5 })).toEqual({ host: 'host1', instance_uuid: id, length: 5 });
    expect(await asked({ length: '7' })).toMatchObject({ length: 7 });
    for (const all of [{}, { length: -1 }]) expect(await asked(all)).toMatchObject({ length: null });
    for (const wrong of [{ length: -2 }, { length: 'x' }, { lines: 1 }]) expect((await outputOf(id, wrong)).status).toBe(400);
  });

  it('is refused where there is none', async () => {
    const none = await outputOf(await cloud.createdId());
    expect([none.status, none.body.conflictingRequest.message]).toMatchObject([409, expect.stringContaining('is not ready')]);
    const id = await cloud.active();
    told['get_console_output'] = () => ({ outcome: 'unsupported' });
    expect((await outputOf(id)).body.notImplemented.message).toBe('The requested functionality is not supported.');
    told['get_console_output'] = () => ({ outcome: 'absent' });
    expect((await outputOf(id)).status).toBe(404);
    told['get_console_output'] = () => ({ outcome: 'failed' });
    expect((await outputOf(id)).status).toBe(503);
  });

  it('of an agent that is silent, or known to be, is 503 without a word on the host', async () => {
    const id = await cloud.active();
    told['get_console_output'] = () => new Promise(() => undefined);
    const message = `The host of instance ${id} does not answer; try again later.`;
    const late = await outputOf(id);
    expect([late.status, Object.values<{ message: string }>(late.body)[0]?.message]).toEqual([503, message]);
    const lost = await cloud.active({}, {}, 'host9');
    await cloud.host('host9');
    await execute(cloud.cell1, `UPDATE services SET forced_down = true WHERE host = 'host9'`);
    expect((await outputOf(lost)).status).toBe(503);
  });
});

describe('diagnostics', () => {
  const diagnostics = {
    native: { cpu0_time: 1 },
    driver: 'libvirt',
    hypervisor: null,
    hypervisor_os: null,
    uptime: 3,
    config_drive: false,
    num_cpus: 1,
    num_nics: 0,
    num_disks: 0,
    cpu_details: [{ id: 0, time: 1, utilisation: null }],
    nic_details: [],
    disk_details: [],
    memory_details: { maximum: 512, used: null },
  };
  const read = (id: string, at = '2.96') => cloud.call('GET', `/servers/${id}/diagnostics`, { ...ADMIN, at });

  it('are in one form since 2.48, before in that of the hypervisor', async () => {
    const id = await cloud.active();
    told['get_diagnostics'] = () => ({ ...STATES, diagnostics });
    expect((await read(id, '2.47')).body).toEqual({ cpu0_time: 1 });
    const { native: _, ...standard } = diagnostics;
    expect((await read(id, '2.48')).body).toEqual({ state: 'running', ...standard });
    expect((await cloud.call('GET', `/servers/${id}/diagnostics`)).status).toBe(403);
  });

  it('are those of guests that run', async () => {
    const id = await cloud.active();
    told['get_diagnostics'] = () => ({ outcome: 'not-running', power_state: 4 });
    const { status, body } = await read(id);
    const message = `Cannot 'get_diagnostics' instance ${id} while it is in power state shutdown`;
    expect([status, body.conflictingRequest.message]).toEqual([409, message]);
  });
});

describe('a console', () => {
  const address = { host: '10.0.0.1', port: 5900, tls_port: null, internal_access_path: 'x' };
  const open = (id: string, protocol: string, type: string, at = '2.96') =>
    cloud.call('POST', `/servers/${id}/remote-consoles`, { body: { remote_console: { protocol, type } }, at });
  const tokenOf = (url: string) => /token(?:=|%3D)(.+)$/.exec(url)?.[1] ?? '';
  const opens = (token: string, at = '2.96') => cloud.call('GET', `/os-console-auth-tokens/${token}`, { ...ADMIN, at });

  beforeEach(() => {
    told['open_console'] = () => ({ ...STATES, console: { ...address, access_url_base: 'http://proxy/vnc' } });
  });

  it('is opened by an address with a token, which tells the proxy where it is', async () => {
    const id = await cloud.active();
    const { status, body } = await open(id, 'vnc', 'novnc');
    expect([status, body.remote_console.protocol, body.remote_console.type]).toEqual([200, 'vnc', 'novnc']);
    expect(cloud.casts.at(-1)?.args).toEqual({ host: 'host1', instance_uuid: id, protocol: 'vnc', type: 'novnc' });
    const token = tokenOf(body.remote_console.url);
    expect((await opens(token)).body).toEqual({
      console: { instance_uuid: id, host: '10.0.0.1', port: 5900, internal_access_path: 'x' },
    });
    expect(JSON.stringify(await rows(cloud.cell1, 'SELECT * FROM console_tokens'))).not.toContain(token);
    expect((await opens(token, '2.30')).status).toBe(401);
    expect((await cloud.call('GET', `/os-console-auth-tokens/${token}`)).status).toBe(403);
  });

  it('is opened by its own action up to 2.5', async () => {
    const id = await cloud.active();
    const old = (body: object) => act(id, body, { at: '2.5' });
    const vnc = await old({ 'os-getVNCConsole': { type: 'novnc' } });
    expect(vnc.body.console).toMatchObject({
      type: 'novnc',
      url: /^http:\/\/proxy\/vnc\?path=%3Ftoken%3D/.exec(vnc.body.console.url)?.input,
    });
    for (const body of [{ 'os-getSPICEConsole': { type: 'spice-html5' } }, { 'os-getSerialConsole': { type: 'serial' } }])
      expect((await old(body)).body.console.url).toMatch(/^http:\/\/proxy\/vnc\?token=/);
    expect((await act(id, { 'os-getVNCConsole': { type: 'novnc' } }, { at: '2.6' })).status).toBe(404);
  });

  it('is refused where the host does not offer it, or nobody does', async () => {
    const id = await cloud.active();
    expect((await open(id, 'rdp', 'rdp-html5')).body.badRequest.message).toBe('Unavailable console type rdp-html5.');
    told['open_console'] = () => ({ outcome: 'unavailable' });
    expect((await open(id, 'vnc', 'novnc')).body.badRequest.message).toBe('Unavailable console type novnc.');
    told['open_console'] = () => ({ outcome: 'unknown-type' });
    expect((await open(id, 'vnc', 'serial')).body.badRequest.message).toBe('Invalid console type serial');
    expect((await open(id, 'mks', 'webmks', '2.7')).status).toBe(400);
    await cloud.change(id, { task_state: 'deleting' });
    const leaving = `Cannot 'get_vnc_console' instance ${id} while it is in task_state deleting`;
    expect((await open(id, 'vnc', 'novnc')).body.conflictingRequest.message).toBe(leaving);
  });

  it('M7: has so many tokens at once, the newest', async () => {
    const id = await cloud.active();
    await execute(
      cloud.cell1,
      `INSERT INTO console_tokens (token_hash, instance_uuid, compute_host, console_type, host, port, expires_at)
       SELECT n::text, $1, 'host1', 'novnc', 'h', 1, now() + make_interval(secs => n) FROM generate_series(1, 50) n`,
      [id],
    );
    const token = tokenOf((await open(id, 'vnc', 'novnc')).body.remote_console.url);
    expect((await opens(token)).status).toBe(200);
    expect(await rows(cloud.cell1, 'SELECT 1 FROM console_tokens')).toHaveLength(32);
  });

  it('is closed to a token that is unknown, has expired, or whose server has moved', async () => {
    const id = await cloud.active();
    const token = tokenOf((await open(id, 'serial', 'serial')).body.remote_console.url);
    expect((await opens(token)).status).toBe(200);
    await cloud.change(id, { host: 'host2' });
    expect((await opens(token)).body.itemNotFound.message).toBe('Token not found');
    await cloud.change(id, { host: 'host1' });
    await execute(cloud.cell1, `UPDATE console_tokens SET expires_at = now()`);
    expect((await opens(token)).status).toBe(404);
    expect((await opens('none')).status).toBe(404);
    await open(id, 'serial', 'serial');
    expect(await rows(cloud.cell1, 'SELECT 1 FROM console_tokens')).toHaveLength(1);
  });
});

it('network settings are injected by administrators', async () => {
  const id = await cloud.active();
  told['inject_network_info'] = () => STATES;
  expect((await act(id, { injectNetworkInfo: null }, ADMIN)).status).toBe(202);
  expect(cloud.casts.at(-1)?.args).toEqual({ host: 'host1', instance_uuid: id });
  expect((await act(id, { injectNetworkInfo: null })).status).toBe(403);
});
