import { expect, it } from 'vitest';
import { layOut } from '../up/cloud-layout.js';
import { servicePlans } from '../up/service-plan.js';
import { serviceUsers } from '../up/service-users.js';
import { UP_DEFAULTS } from '../up/up-options.js';
import { ownServices } from './own-messaging.js';

const options = { ...UP_DEFAULTS, cells: 1, hosts: 3, agents: 2 };
const layout = layOut(options, { databaseUrl: (name) => `postgres://h/${name}`, brokerUrl: (name) => `amqp://all@h/${name}` });
const plans = servicePlans(options, layout, { path: (...parts) => parts.join('/'), secret: (name) => name });
const own = plans.flatMap((plan) => ownServices(plan, (user, name) => `amqp://${user}@h/${name}`));

it('M3: each host of an agent process speaks under its own name, and each service under the one of its level', () => {
  const names = own.map(({ name, process, config: { agent, messaging } }) => [
    process ?? name,
    agent?.['hosts'],
    messaging?.['url'],
  ]);
  expect(names.filter(([, , url]) => url !== undefined)).toEqual([
    ['super-conductor', undefined, 'amqp://controller@h/api'],
    ['scheduler', undefined, 'amqp://controller@h/api'],
    ['compute-api', undefined, 'amqp://controller@h/api'],
    ['cell1-conductor', undefined, 'amqp://conductor.cell1@h/cell1'],
    ['cell1-agent1', ['cell1-host1'], 'amqp://compute.cell1-host1@h/cell1'],
    ['cell1-agent1', ['cell1-host3'], 'amqp://compute.cell1-host3@h/cell1'],
    ['cell1-agent2', ['cell1-host2'], 'amqp://compute.cell1-host2@h/cell1'],
  ]);
});

it('M3: the agents of a process share its identity user, and have a name of their own', () => {
  expect(serviceUsers(own)).toEqual(serviceUsers(plans));
  expect(new Set(own.map(({ name }) => name)).size).toBe(own.length);
});
