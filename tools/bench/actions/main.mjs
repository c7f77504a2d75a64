#!/usr/bin/env node
// What is done to servers, as load on a running cloud. Takes the login from OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Cloud } from '../../cloud/cloud-client.mjs';
import { costed } from '../boot/costed.mjs';
import { burst, deleteAll } from '../boot/measures.mjs';
import { acted, booted } from './measures.mjs';
import { printTable } from './table.mjs';

const HELP = `main.mjs --state-dir DIR [--out FILE] [--servers 300] [--moves 100] [--at-once 8] [--amqp URL] [--amqp-management URL]
Measures a cloud that "kilonova up" started with DIR: so many servers stopped and started, so many of them resized and confirmed,
and as many migrated while they run; beside them boots. Rates, and CPU of each operation by service; with the broker's URL its
messages. FILE gets all figures as JSON. Every server of the project is deleted.`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    'state-dir': { type: 'string' },
    out: { type: 'string' },
    servers: { type: 'string', default: '300' },
    moves: { type: 'string', default: '100' },
    'at-once': { type: 'string', default: '8' },
    amqp: { type: 'string' },
    'amqp-management': { type: 'string' },
  },
});
if (values.help || values['state-dir'] === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const cloud = new Cloud(JSON.parse(readFileSync(join(values['state-dir'], 'endpoints.json'), 'utf8')));
const atOnce = Number(values['at-once']);
const rows = [];

/** One measure: its rate, and what each of its operations cost. */
async function measure(name, operationsEach, work) {
  console.error(`… ${name}`);
  const [result, cost] = await costed(values, async () => {
    const done = await work();
    return { result: done, count: done.servers * operationsEach };
  });
  rows.push({ name: `${name} of ${result.servers}`, operationsEach, ...result, ...cost });
}

try {
  const { OS_USERNAME: user, OS_PASSWORD: password, OS_PROJECT_NAME: project } = process.env;
  await cloud.login({ user, password, project });
  await cloud.liftQuota();
  const image = await cloud.anyImage();
  await measure('boot', 1, () => burst(cloud, image, Number(values.servers), atOnce));
  await deleteAll(cloud);
  const ids = await booted(cloud, image, Number(values.servers));
  const moving = ids.slice(0, Number(values.moves));
  const off = [{ 'os-stop': null }, 'SHUTOFF'];
  const on = [{ 'os-start': null }, 'ACTIVE'];
  await measure('stop and start', 2, () => acted(cloud, ids, atOnce, [off, on]));
  const larger = [{ resize: { flavorRef: '2' } }, 'VERIFY_RESIZE'];
  await measure('resize and confirm', 2, () => acted(cloud, moving, atOnce, [larger, [{ confirmResize: null }, 'ACTIVE']]));
  const over = { 'os-migrateLive': { host: null, block_migration: 'auto' } };
  await measure('live migration', 1, () => acted(cloud, moving, atOnce, [[over, 'ACTIVE']]));
  await deleteAll(cloud);
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(rows, undefined, 2)}\n`);
  printTable(rows);
} finally {
  cloud.close();
}
