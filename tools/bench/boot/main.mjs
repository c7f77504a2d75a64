#!/usr/bin/env node
// Load on a running cloud. Takes the login from OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Cloud } from '../../cloud/cloud-client.mjs';
import { costed } from './costed.mjs';
import { burst, deleteAll, detailList, oneRequest, singleBoots } from './measures.mjs';
import { usageByService } from './processes.mjs';
import { printTable } from './table.mjs';

const HELP = `main.mjs --state-dir DIR [--out FILE] [--single 20] [--many 50] [--burst 300] [--at-once 8] [--lists 20] [--amqp URL] [--amqp-management URL]
Measures a cloud that "kilonova up" started with DIR: single boots, one request for many servers, many requests at once,
the list in detail, memory and CPU of each process, and per boot; with the broker's URL, its messages per boot. FILE gets all figures as JSON. Every server of the project is deleted.`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    'state-dir': { type: 'string' },
    out: { type: 'string' },
    single: { type: 'string', default: '20' },
    many: { type: 'string', default: '50' },
    burst: { type: 'string', default: '300' },
    'at-once': { type: 'string', default: '8' },
    lists: { type: 'string', default: '20' },
    amqp: { type: 'string' },
    'amqp-management': { type: 'string' },
  },
});
if (values.help || values['state-dir'] === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const stateFolder = values['state-dir'];
const cloud = new Cloud(JSON.parse(readFileSync(join(stateFolder, 'endpoints.json'), 'utf8')));
try {
  const result = await measureAll();
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, undefined, 2)}\n`);
  printTable(result);
} finally {
  cloud.close();
}

async function measureAll() {
  const { OS_USERNAME: user, OS_PASSWORD: password, OS_PROJECT_NAME: project } = process.env;
  await cloud.login({ user, password, project });
  await cloud.liftQuota();
  const image = await cloud.anyImage();
  const before = usageByService(join(stateFolder, 'run'));
  const single = await step('single boots', () => singleBoots(cloud, image, Number(values.single)));
  const many = await step('one request', () => oneRequest(cloud, image, Number(values.many)));
  const [atOnce, perBoot] = await step('burst', () =>
    costed(values, async () => {
      const result = await burst(cloud, image, Number(values.burst), Number(values['at-once']));
      return { result, count: result.servers };
    }),
  );
  const detail = await step('lists', () => detailList(cloud, Number(values.lists)));
  const after = usageByService(join(stateFolder, 'run'));
  const gone = await step('deletes', () => deleteAll(cloud));
  return { single, many, burst: atOnce, perBoot, detail, gone, services: used(before, after) };
}

async function step(name, work) {
  console.error(`… ${name}`);
  return work();
}

/** Memory at the end of the load and CPU seconds during it, by service. */
function used(before, after) {
  return [...after].map(([name, usage]) => ({
    ...usage,
    name,
    cpuSeconds: usage.cpuSeconds - (before.get(name)?.cpuSeconds ?? 0),
  }));
}
