import { messages, type OperationTicket } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import type { RpcContext } from '@kilonova/messaging';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { LiveMigrationHandler } from '../live-migration/live-migration.handler.js';
import { CancelledStepError, RunningSteps } from '../operation/running-steps.js';
import type { StepWork, TransferLimit } from '../operation/step.js';
import { managedHost, onlyHost } from '../spec-support/fake-cell.js';
import { LiveMigration } from './live-migration.step.js';
import { PreLiveMigration } from './pre-live-migration.step.js';

const instance = anInstance({ host: 'h', vm_state: 'active', task_state: 'migrating' });
const ref = { operation_uuid: 'o', instance_uuid: instance.uuid, step: messages.liveMigration.name, attempt: 1 };
const runner = { register: () => undefined } as never;

let host: ManagedHost;
let behaviour: Partial<FakeBehaviour>;
let events: string[];
let running: RunningSteps;
beforeEach(async () => {
  [behaviour, events, running] = [{}, [], new RunningSteps()];
  host = managedHost(events, () => behaviour);
  host.instances.set(instance.uuid, instance);
  await host.driver.spawn({ instance, image: null, admin_password: null }, new AbortController().signal);
});

const work = (given: Partial<StepWork<'live_migration'>> = {}, signal = new AbortController().signal) =>
  ({
    driver: host.driver,
    host,
    instance,
    arguments: { block_migration: null },
    move: () => ({ instance, migration: { uuid: 'm' } }),
    transferred: () => undefined,
    transferLimit: { secondsPerGib: 0, late: 'abort' } satisfies TransferLimit,
    signal,
    ...given,
  }) as unknown as StepWork<'live_migration'>;
const step = new LiveMigration(runner);
const isHere = () => host.driver.guests().includes(instance.uuid);

describe('a guest that goes over', () => {
  it('leaves this host', async () => {
    await step.run(work());
    expect(isHere()).toBe(false);
  });

  it('that was aborted before does not go, unless it has gone', async () => {
    const aborted = work({ arguments: { cancelled: true } as never });
    await expect(step.run(aborted)).rejects.toThrow(CancelledStepError);
    await expect(new PreLiveMigration(runner).run(aborted as never)).rejects.toThrow(CancelledStepError);
    await step.run(work());
    await step.run(aborted);
    expect(isHere()).toBe(false);
  });

  it('that is late is given up', async () => {
    behaviour = { delaysMs: { liveMigrate: 60_000 } };
    const late = step.run(work({ transferLimit: { secondsPerGib: 0.01, late: 'abort' } }));
    await expect(late).rejects.toThrow('did not go over within');
    expect(isHere()).toBe(true);
  });

  it('that is late is brought to its end where the operator wants it so', async () => {
    behaviour = { delaysMs: { liveMigrate: 60_000 } };
    await step.run(work({ transferLimit: { secondsPerGib: 0.01, late: 'force_complete' } }));
    expect(isHere()).toBe(false);
  });
});

describe('what a client asks of a guest that goes over', () => {
  const handler = () => new LiveMigrationHandler(onlyHost(host), running, { info: () => undefined });
  const ticket: OperationTicket = { operation_uuid: 'o', instance_uuid: instance.uuid };
  const rpc = { delivery: { ctx: systemCtx(), target: { topic: 'compute', host: 'h' } } } as unknown as RpcContext;

  it('stops it', async () => {
    behaviour = { delaysMs: { liveMigrate: 60_000 } };
    const { abort } = running.begin(ref, 'h');
    const going = step.run(work({}, abort.signal));
    await handler().abort(ticket, rpc);
    await expect(going).rejects.toThrow(CancelledStepError);
    expect([isHere(), events]).toEqual([true, ['instance.live_migration_abort.start', 'instance.live_migration_abort.end']]);
  });

  it('brings it to its end', async () => {
    behaviour = { delaysMs: { liveMigrate: 60_000 } };
    running.begin(ref, 'h');
    const going = step.run(work());
    await handler().forceComplete(ticket, rpc);
    await going;
    expect([isHere(), events]).toEqual([
      false,
      ['instance.live_migration_force_complete.start', 'instance.live_migration_force_complete.end'],
    ]);
  });

  it('waits for a step that is just being taken, and does nothing about one that is not here', async () => {
    await handler().abort({ ...ticket, operation_uuid: 'other' }, rpc);
    expect(events).toEqual([]);
    const told = handler().abort(ticket, rpc);
    const { abort } = running.begin(ref, 'h');
    await told;
    await eventually(() => expect(abort.signal.aborted).toBe(true));
  });
});
