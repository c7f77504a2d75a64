import { microversion, type Route } from '@kilonova/http';
import { execute } from '@kilonova/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { computeRoutes } from './compute-routes.js';
import { ImageController } from './image/image.controller.js';
import { ImageMetadataController } from './image/image-metadata.controller.js';
import { requestOf, rowName, subjectOf } from './spec-support/route-walk.js';
import { useServerCloud } from './spec-support/server-cloud.js';
import { MAX_VERSION } from './version/version-span.js';

/** What is the other project's has this in its name, and so has the host that everything runs on. */
const FOREIGN = 'foreign';
const HOST = 'secret-host';
const ACTION = 'req-4a2f3c86-4d0c-4c1c-9d0e-9a3a4ffb7a10';
const VERSIONS = ['2.1', '2.35', '2.51', '2.62', MAX_VERSION];

const reads = computeRoutes.filter(
  ({ method, controller, public: isPublic }) =>
    method === 'GET' && isPublic !== true && controller !== ImageController && controller !== ImageMetadataController,
);
const versionsOf = ({ min, max }: Route): string[] =>
  VERSIONS.filter(
    (version) => microversion(version) >= microversion(min ?? '2.1') && microversion(version) <= microversion(max ?? MAX_VERSION),
  );

describe('H2: what a project reads', () => {
  const cloud = useServerCloud();
  const foreign = { server: '', group: '' };
  const own = { server: '', group: '' };

  const populate = async (things: { server: string; group: string }, name: string, as: string): Promise<void> => {
    const [user, project] = as.split(':') as [string, string];
    const body = { server_group: { name, policy: 'affinity' } };
    things.group = (await cloud.call('POST', '/os-server-groups', { as, body })).body.server_group.id as string;
    const key = {
      name,
      type: 'ssh',
      public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzmDKq8Bo4aXm0eGx3PzG0sGrYy0tYbKbzVq0a0qO5T',
    };
    await cloud.call('POST', '/os-keypairs', { as, at: '2.35', body: { keypair: key } });
    things.server = await cloud.createdId({ name, metadata: { a: name }, tags: [name] }, { as });
    const fault = { code: 500, message: 'Error', details: `on ${HOST}`, host: HOST, created_at: new Date().toISOString() };
    await cloud.place(things.server, {
      vm_state: 'error',
      task_state: null,
      host: HOST,
      node: HOST,
      availability_zone: 'nova',
      fault,
    });
    await execute(
      cloud.cell1,
      `WITH made AS (INSERT INTO instance_actions (action, instance_uuid, request_id, user_id, project_id, start_time)
                     VALUES ('create', $1, $2, $3, $4, now()) RETURNING id)
       INSERT INTO instance_action_events (action_id, event, start_time, result, traceback, host, details)
       SELECT id, 'compute__do_build_and_run_instance', now(), 'Error', 'at ${HOST}', '${HOST}', 'at ${HOST}' FROM made`,
      [things.server, ACTION, user, project],
    );
    await execute(
      cloud.cell1,
      `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute, source_node,
                               dest_compute, dest_node, dest_host)
       VALUES (gen_random_uuid(), $1, $2, $3, 'live-migration', 'running', $4, $4, $4, $4, $4)`,
      [things.server, project, user, HOST],
    );
    const record = [{ host: HOST, node: HOST, stage: 'filter', rule: 'ComputeFilter', reason: `${HOST} is down` }];
    await execute(
      cloud.api,
      `INSERT INTO scheduling_records (instance_uuid, request_id, outcome, reason, verdicts) VALUES ($1, $2, 'no-host', 'none', $3)`,
      [things.server, ACTION, JSON.stringify(record)],
    );
    const trace = {
      questions: [{ query: `in_tree=${HOST}`, offered: 2, is_cut: false }],
      refused: [{ stage: 'filter', rule: 'ComputeFilter', hosts: 1 }],
      best: [{ host: HOST, weight: 1, weights: { ram: 1 } }],
      placed: [{ instance: things.server, host: HOST, alternates: [HOST] }],
    };
    await execute(
      cloud.api,
      `WITH traced AS (INSERT INTO scheduling_traces (key, outcome, trace, verdicts) VALUES (gen_random_uuid(), 'selected', $3, $4) RETURNING key)
       INSERT INTO scheduling_records (instance_uuid, request_id, outcome, reason, trace_key) SELECT $1, $2, 'selected', '', key FROM traced`,
      [things.server, ACTION, JSON.stringify(trace), JSON.stringify(record)],
    );
  };

  beforeAll(async () => {
    await cloud.host(HOST);
    await execute(
      cloud.cell1,
      `INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
                                  vcpus_used, memory_mb_used, local_gb_used, cpu_info, stats, mapped)
       VALUES (gen_random_uuid(), $1, $1, 'fake', 1000, '127.0.0.1', 8, 8192, 100, 2, 1024, 10, '{}', '{}', true)`,
      [HOST],
    );
    await populate(own, 'ours', 'u:p');
    await populate(foreign, FOREIGN, 'x:other');
    await execute(
      cloud.api,
      `WITH made AS (INSERT INTO flavors (flavorid, name, memory_mb, vcpus, root_gb, is_public)
                     VALUES ('theirs', '${FOREIGN}', 1, 1, 1, false) RETURNING id)
       INSERT INTO flavor_projects (flavor_id, project_id) SELECT id, 'other' FROM made`,
      [],
    );
  });

  const queries = (): readonly string[] => [
    '',
    'all_tenants=1',
    'all_tenants=0&tenant_id=other',
    'all_projects=1',
    'tenant_id=other',
    'project_id=other',
    'user_id=x',
    'is_public=none',
    'deleted=1',
    'sort_key=host',
    `host=${HOST}`,
    `source_compute=${HOST}`,
    `hypervisor_hostname_pattern=secret`,
    `uuid=${foreign.server}`,
    `instance_uuid=${foreign.server}`,
    `marker=${foreign.server}`,
    'detailed=1&start=2020-01-01T00:00:00',
  ];

  const idsOf = (row: Route): readonly string[] => {
    const subject = subjectOf(row);
    if (subject === 'server') return [own.server, foreign.server];
    if (subject === 'group') return [own.group, foreign.group];
    if (subject === 'project') return ['p', 'other'];
    return subject === 'key-pair' ? ['ours', FOREIGN] : ['theirs', HOST, '1'];
  };

  /** Words of others in a response, those aside that the request itself held. */
  const leaksIn = (text: string, asked: string): string[] =>
    [foreign.server, foreign.group, FOREIGN, HOST].filter((word) => text.includes(word) && !asked.includes(word));

  it('H2: never holds an id, a name or a host of others', async () => {
    const leaks: string[] = [];
    let responses = 0;
    const requests = reads.flatMap((row) =>
      versionsOf(row).flatMap((at) =>
        (row.path.includes('/:id') ? idsOf(row) : ['']).flatMap((id) =>
          (row.path.includes('/:') ? [''] : queries()).map((query) => ({ row, at: `${at}, kilonova 1.1`, id, query })),
        ),
      ),
    );
    const walk = async (): Promise<void> => {
      for (let next = requests.pop(); next !== undefined; next = requests.pop()) {
        const { path } = requestOf(next.row, next.id);
        const url = next.query === '' ? path : `${path}?${next.query}`;
        const { status, body } = await cloud.call('GET', url, { at: next.at, roles: 'manager' });
        responses += 1;
        const found = leaksIn(JSON.stringify(body ?? ''), status >= 400 ? url : '');
        if (found.length > 0 || status >= 500)
          leaks.push(`${rowName(next.row)} ${url} ${next.at}: ${status} ${found.join(', ')}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, walk));
    expect(leaks.sort()).toEqual([]);
    expect(responses).toBeGreaterThan(1_000);
  }, 180_000);

  it('H2: holds all of it for an administrator', async () => {
    const text = async (path: string): Promise<string> =>
      JSON.stringify((await cloud.call('GET', path, { as: 'admin', at: '2.96, kilonova 1.1' })).body);
    expect(await text(`/servers/${foreign.server}`)).toContain(HOST);
    expect(await text(`/servers/${foreign.server}/os-instance-actions/${ACTION}`)).toContain(HOST);
    expect(await text(`/servers/${foreign.server}/scheduling`)).toContain(HOST);
    expect(await text('/os-migrations')).toContain(HOST);
    expect(await text('/servers/detail?all_tenants=1')).toContain(FOREIGN);
    expect(await text('/os-server-groups?all_projects=1')).toContain(FOREIGN);
    expect(await text('/flavors?is_public=none')).toContain(FOREIGN);
    expect(await text('/os-hypervisors')).toContain(HOST);
  });
});
