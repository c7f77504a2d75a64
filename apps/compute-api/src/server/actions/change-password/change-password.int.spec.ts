import { StepRepository } from '@kilonova/cell-db';
import { anInstance } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../../spec-support/server-cloud.js';

const cloud = useServerCloud({ messaging: { callTimeoutSeconds: 1 } });
const steps = new StepRepository();

beforeEach(() => cloud.clear());

const ask = (id: string, adminPass: unknown = 'secret', roles?: string) =>
  cloud.call('POST', `/servers/${id}/action`, { body: { changePassword: { adminPass } }, ...(roles && { roles }) });

/** The agent of host1 as soon as it is told of the step. */
cloud.onCast = async ({ method, args }) => {
  if (method !== 'set_admin_password' || fault === 'silent') return;
  const step = { ...(args as never as { operation_uuid: string }), step: 'set_admin_password', host: 'host1' } as never;
  const taken = await steps.take(cloud.cell1, step);
  told.push(taken);
  await steps.finish(cloud.cell1, { ...(step as object), updates: {}, ...(fault && { fault }) } as never);
};
let told: unknown[];
let fault: { code: number; message: string; details: string; host: string; created_at: string } | 'silent' | undefined;
const failure = (code: number, message: string) => ({
  code,
  message,
  details: '',
  host: 'host1',
  created_at: '2026-01-31T10:00:00Z',
});

beforeEach(() => {
  told = [];
  fault = undefined;
});

describe('the password of a guest is changed', () => {
  it('by its agent, whose end the response waits for', async () => {
    const id = await cloud.active();
    expect((await ask(id)).status).toBe(202);
    expect(told).toMatchObject([{ outcome: 'taken', arguments: { admin_password: 'secret' } }]);
    const { body } = await cloud.call('GET', `/servers/${id}`);
    expect(body.server).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null });
    expect(await rows(cloud.cell1, 'SELECT 1 FROM operations')).toEqual([]);
  });

  it('not where the hypervisor has no way to do so: 501', async () => {
    const id = await cloud.active();
    fault = failure(501, 'The hypervisor has no setAdminPassword.');
    const answer = await ask(id);
    expect([answer.status, answer.body]).toEqual([
      501,
      { notImplemented: { code: 501, message: 'Unable to set password on instance' } },
    ]);
  });

  it('not where that failed: 409, and the server is as it was', async () => {
    const id = await cloud.active();
    fault = failure(500, `Failed to set admin password on ${id} because error setting admin password`);
    const answer = await ask(id);
    expect([answer.status, answer.body.conflictingRequest.message]).toEqual([409, fault.message]);
    expect((await cloud.call('GET', `/servers/${id}`)).body.server.status).toBe('ACTIVE');
  });

  it('later, when the agent is silent: it is accepted, and shows', async () => {
    const id = await cloud.active();
    fault = 'silent';
    expect((await ask(id)).status).toBe(202);
    expect((await cloud.call('GET', `/servers/${id}`)).body.server.status).toBe('PASSWORD');
  });

  it('only of a server that runs, with a text', async () => {
    const id = await cloud.createdId();
    const answer = await ask(id);
    const message = `Cannot 'changePassword' instance ${id} while it is in vm_state building`;
    expect([answer.status, answer.body.conflictingRequest.message]).toEqual([409, message]);
    for (const wrong of [null, 1, ['a']]) expect((await ask(id, wrong)).status).toBe(400);
    expect((await ask(anInstance().uuid)).status).toBe(404);
  });
});
