#!/usr/bin/env node
// One project's dearest requests, and what another project notices. Takes the administrator's login from OS_USERNAME, OS_PASSWORD
// and OS_PROJECT_NAME.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { usageByService } from '../boot/processes.mjs';
import { spread, timed } from '../boot/statistics.mjs';
import { Caller } from './caller.mjs';
import { dearRequests } from './dear-requests.mjs';
import { LiveHeap } from './live-heap.mjs';
import { askWhile, watchBreakers } from './quiet.mjs';
import { boot, clear, tenant } from './tenants.mjs';

const HELP = `main.mjs --state-dir DIR [--clients 20] [--seconds 60] [--servers 300] [--each]
A project with a quota of ten asks for 20 million servers in one request; then a project with so many servers sends its dearest
requests by so many clients for so long, while another asks for its own server. --each: one kind of request after the other, each
by all clients for all the time. Ends with "N passed, M failed".`;

/** What is promised. Milliseconds; megabytes. */
const REFUSED_WITHIN_MS = 100;
/** What stays after a collection, of some hundred requests together. */
const GROWS_BY_MB = 2;
const REFUSALS_SECONDS = 5;
const WARM_UPS = 300;
const QUIET_P99_MS = { number: 50, noise: 250 };

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    'state-dir': { type: 'string' },
    clients: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    servers: { type: 'string', default: '300' },
    each: { type: 'boolean', default: false },
  },
});
if (values.help || values['state-dir'] === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const stateFolder = values['state-dir'];
const endpoints = JSON.parse(readFileSync(join(stateFolder, 'endpoints.json'), 'utf8'));
const { OS_USERNAME: user, OS_PASSWORD: password, OS_PROJECT_NAME: project } = process.env;
const admin = new Caller(endpoints, { user, password, project });
await admin.login();
const image = (await admin.send('GET', `${endpoints.image}/v2/images?limit=1`)).body.images[0].id;
const quiet = await tenant(admin, 'quiet', { instances: 1 });
const loud = await tenant(admin, 'loud', { instances: 10, cores: 20 });
const shown = (await boot(quiet, image, 1)).map(({ id }) => `${id} ACTIVE`);
const failures = [];
const passed = [];
try {
  await aNumber();
  await noise();
} finally {
  await clear(loud);
  await clear(quiet);
  for (const caller of [admin, quiet, loud]) caller.close();
}
for (const failure of failures) console.error(`failed: ${failure}`);
console.log(`${passed.length} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

function hold(what, holds) {
  (holds ? passed : failures).push(what);
  console.log(`${holds ? '  ' : '! '}${what}`);
}

/** `min_count` of 20 million within a quota of ten, again and again: the slowest counts. */
async function aNumber() {
  await warmUp();
  const heap = await LiveHeap.open(join(stateFolder, 'run'));
  const before = await heap.megabytes();
  const resident = apiMemory();
  let ended = false;
  const asking = askWhile(quiet, shown, () => ended);
  const times = [];
  const statuses = new Set();
  const until = performance.now() + REFUSALS_SECONDS * 1000;
  while (performance.now() < until) {
    const { value, ms } = await timed(() => askForMany(20_000_000));
    times.push(ms);
    statuses.add(value.status);
  }
  ended = true;
  const seen = await asking;
  const garbage = apiMemory() - resident;
  const grown = (await heap.megabytes()) - before;
  heap.close();
  hold(
    `min_count of 20 million: ${[...statuses]} within ${spread(times).max} ms (403 within ${REFUSED_WITHIN_MS})`,
    [...statuses].join() === '403' && spread(times).max < REFUSED_WITHIN_MS,
  );
  hold(
    `memory of the Compute API after ${times.length} of them: ${grown.toFixed(2)} MB more in use (${GROWS_BY_MB} at most)`,
    grown < GROWS_BY_MB,
  );
  console.log(`    resident before a collection: ${garbage.toFixed(1)} MB more`);
  judge('meanwhile', seen, QUIET_P99_MS.number);
}

function askForMany(min_count) {
  const server = { name: 'n', imageRef: image, flavorRef: '1', networks: 'none', min_count };
  return loud.compute('POST', '/servers', { body: { server } });
}

/** What is compiled, opened and remembered at the first requests is no news of those that are measured. */
async function warmUp() {
  for (let n = 0; n < WARM_UPS; n++) {
    await quiet.compute('GET', '/servers/detail');
    await askForMany(11);
  }
}

async function noise() {
  const count = Number(values.servers);
  const quota = { instances: count + 50, cores: -1, ram: -1, key_pairs: 1_000_000 };
  await admin.expect(200, admin.compute('PUT', `/os-quota-sets/${loud.projectId}`, { at: '2.50', body: { quota_set: quota } }));
  const [server] = await boot(loud, image, count, { name: 'a'.repeat(255) });
  const target = { server: server.id, image };
  for (const only of values.each ? Object.keys(dearRequests(loud, target)) : [undefined]) await noiseOf(target, only);
}

async function noiseOf(target, only) {
  const [clients, seconds] = [Number(values.clients), Number(values.seconds)];
  const workerData = { endpoints, login: loud.user, clients, seconds, only, ...target };
  const worker = new Worker(new URL('noise.worker.mjs', import.meta.url), { workerData });
  let ended = false;
  await message(worker);
  const before = usageByService(join(stateFolder, 'run'));
  const asking = Promise.all([askWhile(quiet, shown, () => ended), watchBreakers(quiet, () => ended)]);
  const kinds = await message(worker);
  ended = true;
  const [seen, opened] = await asking;
  printKinds(kinds);
  printCpu(before, usageByService(join(stateFolder, 'run')), seconds);
  judge(`${clients} clients, ${only ?? 'the dearest requests'}, ${seconds} s`, seen, QUIET_P99_MS.noise);
  hold(`no cell is taken for down${opened.length > 0 ? `: ${opened.join(', ')}` : ''}`, opened.length === 0);
}

function message(worker) {
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

function judge(when, { times, wrong }, p99) {
  const took = spread(times);
  hold(
    `${when}: ${took.count} requests of the other project, p50 ${took.p50} ms, p99 ${took.p99} ms (under ${p99}), longest ${took.max} ms`,
    took.p99 < p99,
  );
  hold(
    `${when}: each is 200 and shows its server${wrong.length > 0 ? `; ${wrong.length} did not: ${wrong[0]}` : ''}`,
    wrong.length === 0,
  );
}

function printKinds(kinds) {
  for (const [name, { times, statuses, longestMs }] of Object.entries(kinds)) {
    const told = Object.entries(statuses).map(([status, count]) => `${status}×${count}`);
    console.log(
      `    ${name.padEnd(32)} ${String(times).padStart(6)} times, longest ${String(longestMs).padStart(6)} ms: ${told.join(' ')}`,
    );
  }
}

function printCpu(before, after, seconds) {
  for (const [name, { cpuSeconds }] of after) {
    const share = ((cpuSeconds - (before.get(name)?.cpuSeconds ?? 0)) / seconds) * 100;
    if (share >= 1) console.log(`    CPU of ${name.padEnd(25)} ${share.toFixed(0).padStart(6)} %`);
  }
}

/** Resident megabytes of the process that the Compute API is in. */
function apiMemory() {
  const usage = usageByService(join(stateFolder, 'run'));
  return (usage.get('compute-api') ?? [...usage.values()][0]).residentMb;
}
