import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeConfig, loadConfig, sampleFile } from '@kilonova/config';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { layOut } from '../../up/cloud-layout.js';
import { type ServicePlan, servicePlans } from '../../up/service-plan.js';
import { UP_DEFAULTS } from '../../up/up-options.js';
import { CONFIGURED_APPS, sectionsOf } from './app-sections.js';

const folder = mkdtempSync(join(tmpdir(), 'kilonova-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const layout = layOut(UP_DEFAULTS, {
  databaseUrl: (name) => `postgres://u:hidden@h/${name}`,
  brokerUrl: (name) => `amqp://u:hidden@h/${name}`,
});
const plans = servicePlans(UP_DEFAULTS, layout, { path: (...parts) => join(folder, ...parts), secret: () => 'hidden' });

const appOf = ({ app, args }: ServicePlan): string => (app === 'conductor' ? `${args?.at(-1)}-conductor` : app);

describe('the configuration of each service', () => {
  it('is known for every service of a cloud', () => {
    expect([...new Set(plans.map(appOf))].sort()).toEqual([...CONFIGURED_APPS].sort());
  });

  it.each(CONFIGURED_APPS)('%s: what `up` gives it is accepted, told with its origin, and shows no secret', async (app) => {
    const plan = plans.find((candidate) => appOf(candidate) === app);
    const file = join(folder, `${app}.yaml`);
    writeFileSync(file, stringify(plan?.config));
    const lines = describeConfig(loadConfig({ sections: (await sectionsOf(app)) ?? [], file, env: {} }));
    expect(lines.some((line) => line.origin === `file ${file}`)).toBe(true);
    expect(lines.every((line) => line.help !== '')).toBe(true);
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it.each(CONFIGURED_APPS)('%s: the sample names every option and sets none', async (app) => {
    const sections = (await sectionsOf(app)) ?? [];
    const sample = sampleFile(sections);
    expect(parse(sample)).toEqual(Object.fromEntries(sections.map(({ name }) => [name, null])));
    for (const { options } of sections) for (const key of Object.keys(options)) expect(sample).toContain(`  # ${key}:`);
  });

  it('has one unit for one setting, and one type, whichever service reads it', async () => {
    const units = new Map<string, Set<string>>();
    const note = (setting: string, what: string) => units.set(setting, (units.get(setting) ?? new Set()).add(what));
    for (const app of CONFIGURED_APPS)
      for (const { name, options } of (await sectionsOf(app)) ?? [])
        for (const [key, { type }] of Object.entries(options)) {
          const [, stem = key, unit] = /^(.+)(Seconds|Ms)$/.exec(key) ?? [];
          if (unit !== undefined) note(stem, unit);
          note(`${name}.${key}`, type);
        }
    expect([...units].filter(([, known]) => known.size > 1)).toEqual([]);
  });

  it.each([
    ['compute-api', { database: { url: 'postgres://h/d' } }, 'database.url: is no option any more; write apiDatabase.url'],
    ['compute-api', { cells: { deadlineMs: 5 } }, 'cells.deadlineMs: is no option any more; write cells.timeoutSeconds'],
    [
      'compute-api',
      { computeApi: { serviceDownSeconds: 5 } },
      'computeApi.serviceDownSeconds: is no option any more; write computeApi.serviceDownTimeSeconds',
    ],
    [
      'super-conductor',
      { apiDatabase: { cellTimeoutSeconds: 5 } },
      'apiDatabase.cellTimeoutSeconds: is no option any more; write cells.timeoutSeconds',
    ],
    ['identity', { identity: { logLevel: 'warn' } }, 'identity.logLevel: is no option any more; write log.level'],
    ['placement', { log: { options: true } }, 'log.options: is no option any more; write placement.logOptions'],
  ])('%s: refuses %j', async (app, flags, fault) => {
    const sections = (await sectionsOf(app)) ?? [];
    expect(() => loadConfig({ sections, env: {}, flags })).toThrow(fault);
  });

  it('is unknown for a service that is not', async () => {
    expect(await sectionsOf('mail')).toBeUndefined();
  });
});
