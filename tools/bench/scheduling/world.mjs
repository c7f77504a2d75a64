import { apiMigrations } from '@kilonova/api-db';
import { cellMigrations } from '@kilonova/cell-db';
import { loadConfig } from '@kilonova/config';
import { placementSections, startPlacement, syncDatabase } from '@kilonova/placement';
import { ensureDatabase, migrate, withDatabase } from '@kilonova/sql';
import pg from 'pg';

const CELL0 = '00000000-0000-0000-0000-000000000000';
const UUID = `md5('host' || i)::uuid`;

/** Hosts H of 64 CPUs as providers; the names and uuids are those of the nodes in the cells. */
const PROVIDERS = `
  INSERT INTO resource_providers (id, uuid, name, root_provider_id) SELECT i, ${UUID}, 'host' || i, i FROM generate_series(1, HOSTS) i;
  INSERT INTO inventories (resource_provider_id, resource_class_id, total, allocation_ratio)
    SELECT i, k.id, w.total, w.ratio FROM generate_series(1, HOSTS) i
      CROSS JOIN (VALUES ('VCPU', 64, 16), ('MEMORY_MB', 262144, 1), ('DISK_GB', 2000, 1)) AS w (class, total, ratio)
      JOIN resource_classes k ON k.name = w.class`;

/** Every CELLS-th host, alive for as long as the measure may take. */
const NODES = `
  INSERT INTO services (host, "binary", topic, last_seen_up)
    SELECT 'host' || i, 'nova-compute', 'compute', now() + interval '1 hour' FROM generate_series(FIRST, HOSTS, CELLS) i;
  INSERT INTO compute_nodes (uuid, host, hypervisor_hostname, hypervisor_type, hypervisor_version, host_ip, vcpus, memory_mb, local_gb,
                             vcpus_used, memory_mb_used, local_gb_used, supported_instances, stats, mapped)
    SELECT ${UUID}, 'host' || i, 'host' || i, 'fake', 1000, '127.0.0.1', 64, 262144, 2000, 0, 0, 0, '[["x86_64", "fake", "hvm"]]',
           '{"failed_builds": "0", "num_instances": "0", "io_workload": "0", "uptime": "up 1 day"}', true
      FROM generate_series(FIRST, HOSTS, CELLS) i`;

async function run(url, text) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; ${text}; COMMIT; ANALYZE`);
  await client.end();
}

/** Databases of a cloud with so many hosts in so many cells; answers their URLs. */
export async function makeWorld(server, hosts, cells) {
  const named = (name) => withDatabase(server, name);
  const urls = { placement: named('placement'), api: named('api') };
  for (const url of Object.values(urls)) await ensureDatabase(url);
  const flags = { database: { url: urls.placement }, http: { port: 0 }, auth: { strategy: 'noauth2' }, log: { level: 'error' } };
  const config = loadConfig({ sections: placementSections, env: {}, flags });
  await syncDatabase(config);
  await (await startPlacement({ config })).close();
  await run(urls.placement, PROVIDERS.replaceAll('HOSTS', String(hosts)));
  await migrate(urls.api, apiMigrations());
  await run(
    urls.api,
    `INSERT INTO cell_mappings (uuid, name, transport_url, database_connection) VALUES ('${CELL0}', 'cell0', 'none:', 'none:')`,
  );
  for (let cell = 1; cell <= cells; cell++) {
    const url = named(`cell${cell}`);
    await ensureDatabase(url);
    await migrate(url, cellMigrations());
    await run(url, NODES.replaceAll('HOSTS', String(hosts)).replaceAll('CELLS', String(cells)).replaceAll('FIRST', String(cell)));
    await run(
      urls.api,
      `INSERT INTO cell_mappings (uuid, name, transport_url, database_connection) VALUES (gen_random_uuid(), 'cell${cell}', 'memory://cell${cell}', '${url}')`,
    );
  }
  return urls;
}
