#!/usr/bin/env node
// The scheduler with placement on worlds of growing size, without agents: requests a second, CPU of each request, memory
// of a thousand hosts, and how old the scheduler's picture of them is.
//   main.mjs [HOSTS,…] [REQUESTS]      20,1000,5000,20000 hosts in ten cells and 2000 requests when left out
import 'reflect-metadata';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { messages } from '@kilonova/compute-objects';
import { aRequestSpec } from '@kilonova/compute-samples';
import { loadConfig } from '@kilonova/config';
import { freePort, startPostgres } from '@kilonova/local-servers';
import { createMessageBus } from '@kilonova/messaging';
import { Metrics } from '@kilonova/observability';
import { HttpPlacementClient, PlacementClient } from '@kilonova/placement-client';
import { RestClient } from '@kilonova/rest-client';
import { scheduler, schedulerSections } from '@kilonova/scheduler';
import { startService } from '@kilonova/service';
import { systemCtx } from '@kilonova/util';
import { Test } from '@nestjs/testing';
import { makeWorld } from './world.mjs';

const CELLS = 10;
const AT_ONCE = 32;
const WARMING = 200;
const MANY = 500;

const worlds = (process.argv[2] ?? '20,1000,5000,20000').split(',').map(Number);
const requests = Number(process.argv[3] ?? 2000);
const root = fileURLToPath(new URL('../../..', import.meta.url));
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

/** CPU seconds of process trees so far. */
const cpuOf = (pid) =>
  Number(
    execFileSync(process.execPath, [join(root, 'tools/bench/placement/cpu-seconds.mjs'), String(pid)], { encoding: 'utf8' }),
  );

async function servePlacement(folder, url) {
  const port = await freePort();
  const settings = { database: { url }, http: { port }, auth: { strategy: 'noauth2' }, log: { level: 'warn' } };
  await writeFile(join(folder, 'placement.yaml'), JSON.stringify(settings), { mode: 0o600 });
  const child = spawn(join(root, 'kilonova'), ['placement', 'serve', '--config', join(folder, 'placement.yaml')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const address = `http://127.0.0.1:${port}`;
  while ((await fetch(address).catch(() => undefined))?.status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
  return { child, address };
}

/** The service itself, but for the session with the identity service. */
async function startScheduler(api, placement) {
  const url = `memory://bench-${randomUUID()}`;
  const rest = new RestClient({
    service: 'placement',
    title: 'The placement service',
    baseUrl: () => placement,
    headers: async () => ({ 'x-auth-token': 'admin' }),
  });
  const defaults = {
    messaging: { url },
    apiDatabase: { url: api },
    notifications: { format: 'versioned' },
    log: { level: 'warn' },
  };
  const running = await startService(scheduler, {
    config: loadConfig({ sections: schedulerSections, env: {}, defaults }),
    create: async (module, strategy) => {
      const testing = Test.createTestingModule({ imports: [module] });
      testing.overrideProvider(PlacementClient).useValue(new HttpPlacementClient(rest));
      return (await testing.compile()).createNestMicroservice({ strategy, logger: false });
    },
  });
  const bus = createMessageBus({ url, cell: 'api' });
  const select = async (count) => {
    const uuids = Array.from({ length: count }, () => randomUUID());
    const args = { request_spec: aRequestSpec(uuids[0]), instance_uuids: uuids, return_alternates: true };
    const result = await bus.call(systemCtx(), messages.selectDestinations, { topic: 'scheduler' }, args, { timeoutMs: 120_000 });
    if (result.outcome !== 'selected') throw new Error(result.reason);
  };
  const gauge = async (name) => {
    const metric = await running.app.get(Metrics, { strict: false }).registry.getSingleMetric(name)?.get();
    return Math.max(...(metric?.values ?? []).map(({ value }) => value));
  };
  return { running, select, gauge, close: () => bus.close().then(() => running.close()) };
}

const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

async function until(look) {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function measure(hosts) {
  const folder = await mkdtemp(join(tmpdir(), 'kilonova-scheduling-'));
  const postgres = await startPostgres({ baseDir: folder, durable: false });
  try {
    const urls = await makeWorld(postgres.url, hosts, CELLS);
    const { child, address } = await servePlacement(folder, urls.placement);
    const before = heap();
    const service = await startScheduler(urls.api, address);
    await until(async () => (await service.gauge('kilonova_scheduler_picture_nodes')) === hosts);
    const held = heap() - before;
    const inParallel = async (count) => {
      let left = count;
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (left-- > 0) await service.select(1);
        }),
      );
    };
    await inParallel(WARMING);
    const cpu = () => [process.cpuUsage(), cpuOf(child.pid), cpuOf(postgres.pid)];
    const ages = [];
    const sampling = setInterval(async () => ages.push(await service.gauge('kilonova_scheduler_picture_age_seconds')), 100);
    const [[own, ofPlacement, ofDatabase], from] = [cpu(), performance.now()];
    await inParallel(requests);
    const seconds = (performance.now() - from) / 1000;
    const after = cpu();
    const fromMany = performance.now();
    await service.select(MANY);
    const many = MANY / ((performance.now() - fromMany) / 1000);
    clearInterval(sampling);
    const ms = (used) => ((used * 1000) / requests).toFixed(2).padStart(8);
    const ownUsed = (after[0].user - own.user + after[0].system - own.system) / 1e6;
    console.log(
      [
        String(hosts).padStart(7),
        (requests / seconds).toFixed(0).padStart(10),
        ms(ownUsed),
        ms(after[1] - ofPlacement),
        ms(after[2] - ofDatabase),
        many.toFixed(0).padStart(13),
        (hosts < 1000 ? '-' : (held / 2 ** 20 / (hosts / 1000)).toFixed(2)).padStart(10),
        Math.max(...ages)
          .toFixed(2)
          .padStart(7),
        's',
      ].join(' '),
    );
    await service.close();
    child.kill('SIGTERM');
    await once(child, 'exit');
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

console.log(
  '          requests    CPU of each, milliseconds     servers/s    MiB of   oldest\n  hosts   a second  sched. placement database   of one POST 1000 hosts picture',
);
for (const hosts of worlds) await measure(hosts);
process.exit(0);
