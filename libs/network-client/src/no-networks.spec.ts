import { expect, it } from 'vitest';
import { NoNetworks } from './no-networks.js';

it('has no networks and groups in a cloud without a network service, and makes none', async () => {
  const { securityGroups, ...networks } = new NoNetworks();
  expect([await networks.available(), await securityGroups.list(), await networks.findNetwork()]).toEqual([[], [], undefined]);
  const made = [() => networks.createPort(), () => securityGroups.create()];
  for (const make of made) await expect(make()).rejects.toMatchObject({ kind: 'not-implemented', code: 'network.none' });
});
