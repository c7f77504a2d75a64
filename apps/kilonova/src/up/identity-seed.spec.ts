import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeLayout } from '../compose/index.js';
import { layOut } from './cloud-layout.js';
import { identitySeed } from './identity-seed.js';
import { servicePlans } from './service-plan.js';
import { serviceUsers } from './service-users.js';
import { UP_DEFAULTS } from './up-options.js';

interface Seed {
  readonly users: ReadonlyArray<{ readonly name: string; readonly password: string; readonly roles: readonly unknown[] }>;
  readonly absent_users: readonly string[];
}

const secret = (name: string): string => `<<${name}>>`;
const addresses = { databaseUrl: (name: string) => `postgres://h/${name}`, brokerUrl: (name: string) => `amqp://h/${name}` };
const OPTIONS = { ...UP_DEFAULTS, agents: 2 };

describe.each([
  ['up', layOut(OPTIONS, addresses)],
  ['compose', composeLayout(OPTIONS, secret)],
])('M3: the users that services of `%s` log in as', (_mode, layout) => {
  const plans = servicePlans(OPTIONS, layout, { path: (...parts) => parts.join('/'), secret });
  const { users, absent_users } = parse(identitySeed(layout, { admin: 'a', demo: 'd' }, serviceUsers(plans))) as Seed;
  const rolesOf = (name: string): unknown => users.find((user) => user.name === name)?.roles;

  it('M3: are one for each service, with a password of its own', () => {
    for (const { name, config } of plans.filter((plan) => plan.name !== 'identity')) {
      expect(config['keystone']).toMatchObject({ username: name, password: `<<identity-${name}>>` });
      expect(users).toContainEqual(expect.objectContaining({ name, password: `<<identity-${name}>>` }));
    }
    expect(new Set(users.map((user) => user.password)).size).toBe(users.length);
  });

  it('M3: have the role service alone, but for the Compute API and who deletes images for it', () => {
    const service = { role: 'service', project: 'service' };
    const administrators = ['compute-api', 'super-conductor'];
    const others = plans.filter(({ app, name }) => app !== 'identity' && !administrators.includes(name));
    expect(others.length).toBe(9);
    for (const { name } of others) expect(rolesOf(name)).toEqual([service]);
    for (const name of administrators) expect(rolesOf(name)).toEqual([{ role: 'admin', project: 'service' }, service]);
  });

  it('M3: the administrator that all of them shared is taken away', () => {
    expect([absent_users, rolesOf('kilonova')]).toEqual([['kilonova'], undefined]);
  });
});
