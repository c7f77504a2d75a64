import type { Migration } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { expect, it } from 'vitest';
import { managedHost } from '../spec-support/fake-cell.js';
import { RemoveGuest } from './remove-guest.service.js';

const never = new AbortController().signal;

it('a guest that is forgotten is gone, and so is what it left when it moved away', async () => {
  const host = managedHost([]);
  const instance = anInstance({ host: 'h' });
  const move = { instance, migration: {} as Migration };
  await host.driver.spawn({ instance, image: null, admin_password: null }, never);
  await host.driver.migrateDiskAndPowerOff(move, 0, never);
  await host.driver.finishMigration(move, true, never);
  for (const _ of [1, 2]) await new RemoveGuest().run(host, instance.uuid);
  expect([host.driver.guests(), host.driver.movedAway()]).toEqual([[], []]);
});
