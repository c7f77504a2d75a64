import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BROKER_POLICIES } from '../broker/index.js';
import { UP_DEFAULTS } from '../up/up-options.js';
import { composeLayout } from './compose-layout.js';
import { containerFiles } from './container-files.js';

const OPTIONS = { ...UP_DEFAULTS, cells: 2, agents: 2, hosts: 2 };
const FROM_ROOT = new URL('../../../../', import.meta.url);

/** A secret that tells its name: `«name»`, written as URLs write it too. */
const secret = (name: string): string => `<<${name}>>`;
const files = containerFiles(OPTIONS, composeLayout(OPTIONS, secret), secret);

const secretsOf = (container: string): string[] => {
  const text = decodeURIComponent(
    files
      .filter((file) => file.container === container)
      .map((file) => file.text)
      .join('\n')
      .replace(/%(?![0-9A-F]{2})/g, '%25'),
  );
  return [...new Set([...text.matchAll(/<<([^>]+)>>/g)].map((match) => match[1] ?? ''))].sort();
};

const SERVICES = [
  ...['image', 'placement', 'super-conductor', 'scheduler', 'compute-api'],
  ...['cell1', 'cell2'].flatMap((cell) => [`${cell}-conductor`, `${cell}-agent1`, `${cell}-agent2`]),
];

interface Compose {
  readonly services: Readonly<Record<string, { readonly volumes?: readonly string[] }>>;
}
const compose = parse(readFileSync(new URL('docker-compose.yml', FROM_ROOT), 'utf8'), { merge: true }) as Compose;

describe('the settings of a container', () => {
  it.each([
    ['cell1-agent2', ['identity-cell1-agent2', 'rabbitmq-compute.cell1-host2']],
    ['cell2-conductor', ['identity-cell2-conductor', 'postgres-kilonova_cell2', 'rabbitmq-conductor.cell2']],
    ['compute-api', ['identity-compute-api', 'postgres-kilonova_api', 'rabbitmq-controller']],
    ['scheduler', ['identity-scheduler', 'postgres-kilonova_scheduler', 'rabbitmq-controller']],
    ['placement', ['identity-placement', 'postgres-kilonova_placement']],
    ['image', ['identity-image']],
    ['identity', ['admin-password', 'demo-password', ...SERVICES.map((name) => `identity-${name}`)].sort()],
    ['postgres', ['postgres-kilonova']],
    // Hashes only.
    ['rabbitmq', []],
  ])('of %s hold its own secrets and no others', (container, secrets) => {
    expect(secretsOf(container)).toEqual(secrets);
  });

  it('lie in a volume that docker-compose.yml mounts in that container and in the one that fills it', () => {
    const containers = [...new Set(files.map((file) => file.container))].sort();
    const filled = (compose.services['files']?.volumes ?? []).filter((volume) => volume.includes('-settings:'));
    expect([...filled].sort()).toEqual(containers.map((name) => `${name}-settings:/etc/kilonova/${name}`));
    for (const [name, { volumes = [] }] of Object.entries(compose.services)) {
      if (name === 'files') continue;
      const mounted = volumes.filter((volume) => volume.includes('-settings:'));
      expect(mounted).toEqual(containers.includes(name) ? [`${name}-settings:/etc/kilonova:ro,nocopy`] : []);
    }
  });
});

it('H7: the policies that deploy/ offers are those of the definitions', () => {
  const offered: unknown = JSON.parse(readFileSync(new URL('deploy/rabbitmq-policies.json', FROM_ROOT), 'utf8'));
  expect(offered).toEqual({ policies: BROKER_POLICIES });
});

it('H7: the broker of the containers takes no message over 16 MiB', () => {
  const conf = files.find(({ container, name }) => container === 'rabbitmq' && name === 'rabbitmq.conf');
  expect(conf?.text.split('\n')).toContain('max_message_size = 16777216');
});

it('H4: an agent is told that its queues are there already', () => {
  const config = parse(files.find(({ container, name }) => container === 'cell1-agent1' && name === 'config.yaml')?.text ?? '');
  expect(config).toMatchObject({ messaging: { topology: 'prepared' } });
});
