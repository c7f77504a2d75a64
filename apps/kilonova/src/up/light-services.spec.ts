import { describe, expect, it } from 'vitest';
import { layOut } from './cloud-layout.js';
import { lightEnvironment, nodeOptions, withCompanions } from './light-services.js';
import { servicePlans } from './service-plan.js';
import { UP_DEFAULTS } from './up-options.js';

const layout = layOut(UP_DEFAULTS, { databaseUrl: (name) => `postgres://h/${name}`, brokerUrl: (name) => `amqp://h/${name}` });
const plans = servicePlans(UP_DEFAULTS, layout, { path: (...parts) => parts.join('/'), secret: (name) => name });

describe('processes of a cloud', () => {
  it('are one for each service, but for identity and image, which share one', () => {
    const { companions, others } = withCompanions(plans);
    expect(companions.members.map(({ name }) => name)).toEqual(['identity', 'image']);
    expect([...companions.members, ...others].map(({ name }) => name).sort()).toEqual(plans.map(({ name }) => name).sort());
  });

  it('have a large young generation where the work of the whole cloud passes, a small one elsewhere', () => {
    const own = ['--import', '/x/start.mjs', '--max-semi-space-size=16', '--heap-growing-percent=100'];
    const sizes = Object.fromEntries(plans.map((plan) => [plan.name, nodeOptions(own, plan).at(-1)]));
    expect(sizes).toMatchObject({
      'compute-api': '--max-semi-space-size=16',
      placement: '--max-semi-space-size=16',
      'super-conductor': '--max-semi-space-size=16',
      scheduler: '--max-semi-space-size=4',
      'cell1-conductor': '--max-semi-space-size=4',
      'cell1-agent': '--max-semi-space-size=4',
    });
    expect([lightEnvironment({ app: 'placement' }), Object.keys(lightEnvironment({ app: 'identity' }))]).toEqual([
      {},
      ['MALLOC_TRIM_THRESHOLD_'],
    ]);
    expect(nodeOptions(own, { app: 'scheduler' }).slice(0, -1)).toEqual([
      '--import',
      '/x/start.mjs',
      '--heap-growing-percent=100',
    ]);
  });
});
