#!/usr/bin/env node
// Start, memory and search latency of one placement process on a world that is there already, written by SQL in seconds.
//   large-world.mjs [HOSTS] [REQUESTS]     20000 hosts and 500 requests of a kind, one at a time, when left out
// A tenth of the hosts has two NUMA children with a VGPU child each; another tenth has its disk in shared pools.
// With PROFILE=FOLDER the process writes a CPU profile there when it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { loadConfig } from '@kilonova/config';
import { freePort, startPostgres } from '@kilonova/local-servers';
import { placementSections, startPlacement, syncDatabase } from '@kilonova/placement';
import pg from 'pg';

const hosts = Number(process.argv[2] ?? 20_000);
const requests = Number(process.argv[3] ?? 500);
const launcher = fileURLToPath(new URL('../../../kilonova', import.meta.url));

/** $1: how many hosts. Ids run 1…N for hosts, then for children and pools. */
const WORLD = `
  CREATE TEMP TABLE rp (id int, parent int, root int, kind text) ON COMMIT DROP;
  INSERT INTO rp SELECT i, NULL, i, CASE i % 10 WHEN 0 THEN 'nested' WHEN 5 THEN 'diskless' ELSE 'host' END FROM generate_series(1, HOSTS) i;
  INSERT INTO rp SELECT HOSTS + 2 * id / 10 + k, id, id, 'numa' FROM rp, generate_series(0, 1) k WHERE kind = 'nested';
  INSERT INTO rp SELECT id + HOSTS, id, root, 'gpu' FROM rp WHERE kind = 'numa';
  INSERT INTO rp SELECT 3 * HOSTS + i, NULL, 3 * HOSTS + i, 'pool' FROM generate_series(1, 20) i;
  INSERT INTO resource_providers (id, uuid, name, root_provider_id, parent_provider_id)
    SELECT id, gen_random_uuid(), kind || '-' || id, root, parent FROM rp ORDER BY id;
  INSERT INTO traits (name) VALUES ('CUSTOM_GOLD'), ('CUSTOM_RARE');
  INSERT INTO inventories (resource_provider_id, resource_class_id, total, allocation_ratio)
    SELECT rp.id, k.id, w.total, w.ratio FROM rp JOIN (VALUES
      ('host', 'VCPU', 64, 16), ('host', 'MEMORY_MB', 262144, 1), ('host', 'DISK_GB', 2000, 1),
      ('nested', 'VCPU', 64, 16), ('nested', 'MEMORY_MB', 262144, 1), ('nested', 'DISK_GB', 2000, 1),
      ('diskless', 'VCPU', 64, 16), ('diskless', 'MEMORY_MB', 262144, 1),
      ('numa', 'PCPU', 32, 1), ('gpu', 'VGPU', 8, 1), ('pool', 'DISK_GB', 1000000, 1)) AS w (kind, class, total, ratio) USING (kind)
    JOIN resource_classes k ON k.name = w.class;
  INSERT INTO resource_provider_traits (resource_provider_id, trait_id)
    SELECT rp.id, t.id FROM rp JOIN traits t ON
      (kind IN ('host', 'nested', 'diskless') AND (t.name IN ('COMPUTE_NODE', 'HW_CPU_X86_AVX2')
        OR (t.name = 'CUSTOM_GOLD' AND rp.id % 2 = 0) OR (t.name = 'CUSTOM_RARE' AND rp.id % 10 = 7)))
      OR (kind = 'numa' AND t.name = 'HW_NUMA_ROOT') OR (kind = 'pool' AND t.name = 'MISC_SHARES_VIA_AGGREGATE');
  INSERT INTO placement_aggregates (id, uuid) SELECT i, gen_random_uuid() FROM generate_series(1, 33) i;
  INSERT INTO resource_provider_aggregates (resource_provider_id, aggregate_id)
    SELECT id, 1 + id % 10 FROM rp WHERE kind IN ('host', 'nested', 'diskless')
    UNION ALL SELECT id, 11 + id % 3 FROM rp WHERE kind IN ('host', 'nested', 'diskless')
    UNION ALL SELECT id, 14 + id / 10 % 20 FROM rp WHERE kind = 'diskless'
    UNION ALL SELECT id, 14 + id % 20 FROM rp WHERE kind = 'pool';`;

const SEARCH = '/allocation_candidates?';
const R = 'resources=VCPU:1,MEMORY_MB:512,DISK_GB:10';
/** Paths; the first is what HTTP alone costs. */
const KINDS = {
  'HTTP alone': '/',
  plain: `${SEARCH}${R}&limit=50`,
  trait: `${SEARCH}${R}&required=CUSTOM_RARE&limit=50`,
  'any of traits': `${SEARCH}${R}&required=in:CUSTOM_RARE,CUSTOM_GOLD&limit=50`,
  'nested granular': `${SEARCH}resources=DISK_GB:10&resources_NUMA=PCPU:2&required_NUMA=HW_NUMA_ROOT&resources_GPU=VGPU:1&same_subtree=_NUMA,_GPU&group_policy=none&limit=50`,
  'without limit': `${SEARCH}${R}`,
};

/** Requests of each kind before the measure, so that code is compiled. */
const WARMING = 100;

const target = { token: 'admin', microversion: '1.39' };

async function seed(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; ${WORLD.replaceAll('HOSTS', String(hosts))} COMMIT; ANALYZE;`);
  await client.end();
}

/** Standard names are there once a placement was started. */
async function emptyPlacement(url) {
  const flags = { database: { url }, http: { port: 0 }, auth: { strategy: 'noauth2' }, log: { level: 'error' } };
  const config = loadConfig({ sections: placementSections, env: {}, flags });
  await syncDatabase(config);
  await (await startPlacement({ config })).close();
}

async function untilAnswer(url) {
  for (;;) {
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return `${mebibytes('VmRSS')} MiB now, ${mebibytes('VmHWM')} MiB at most`;
}

/** CPU seconds that a process has used: user and system ticks of a hundredth, proc(5). */
async function cpuSecondsOf(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
}

async function measure(url, pid, name, path) {
  const count = name === 'without limit' ? 5 : requests;
  const workerData = { target: { ...target, url }, path, warming: Math.min(count, WARMING), count };
  const worker = new Worker(new URL('load/latencies.worker.mjs', import.meta.url), { workerData });
  await once(worker, 'message');
  const before = await cpuSecondsOf(pid);
  const [{ times, bytes }] = await once(worker, 'message');
  const cpu = ((await cpuSecondsOf(pid)) - before) * 1000;
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(part * times.length))].toFixed(2);
  console.log(
    `${name.padEnd(16)} median ${at(0.5)} ms  p99 ${at(0.99)} ms  CPU ${(cpu / count).toFixed(2)} ms  (${count} requests, ${bytes} bytes each)`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'kilonova-large-world-'));
const postgres = await startPostgres({ baseDir: folder, durable: false });
try {
  await emptyPlacement(postgres.url);
  await seed(postgres.url);
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = {
    database: { url: postgres.url },
    http: { port: Number(new URL(url).port) },
    auth: { strategy: 'noauth2' },
    log: { level: 'warn' },
  };
  await writeFile(join(folder, 'placement.yaml'), JSON.stringify(settings), { mode: 0o600 });
  const profile = process.env.PROFILE === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.PROFILE}` };
  const from = performance.now();
  const child = spawn(launcher, ['placement', 'serve', '--config', join(folder, 'placement.yaml')], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...profile },
  });
  await untilAnswer(`${url}/`);
  console.log(
    `${hosts} hosts: serves ${((performance.now() - from) / 1000).toFixed(2)} s after its start; memory ${await memoryOf(child.pid)}`,
  );
  for (const [name, path] of Object.entries(KINDS)) {
    await measure(url, child.pid, name, path);
    console.log(`                 memory ${await memoryOf(child.pid)}`);
  }
  child.kill('SIGTERM');
  await once(child, 'exit');
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
