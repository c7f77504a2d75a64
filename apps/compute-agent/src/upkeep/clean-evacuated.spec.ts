import { anInstance } from '@kilonova/compute-samples';
import type { FakeBehaviour } from '@kilonova/virt';
import { beforeEach, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { cleanEvacuated } from './clean-evacuated.js';

let host: ManagedHost;
let behaviour: Partial<FakeBehaviour>;
let faults: string[];
const instance = anInstance();
const evacuated = [{ migration_uuid: 'm', instance_uuid: instance.uuid }];
const clean = () => cleanEvacuated(host, evacuated, (_error, what) => void faults.push(what));

beforeEach(async () => {
  [behaviour, faults] = [{}, []];
  host = managedHost([], () => behaviour);
  await host.driver.spawn({ instance, image: null, admin_password: null }, new AbortController().signal);
});

it('guests of servers that are elsewhere now are removed, once or again', async () => {
  for (const _ of [1, 2]) expect(await clean()).toEqual(['m']);
  expect(host.driver.guests()).toEqual([]);
});

it('a guest whose server came back stays', async () => {
  host.instances.set(instance.uuid, instance);
  expect(await clean()).toEqual(['m']);
  expect(host.driver.guests()).toEqual([instance.uuid]);
});

it('a guest that cannot be removed is told, and left to the next start', async () => {
  behaviour = { failing: ['*:destroy'] };
  expect([await clean(), faults]).toEqual([[], [`removing the guest of ${instance.uuid}, which was evacuated`]]);
});
