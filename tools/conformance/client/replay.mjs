#!/usr/bin/env node
// Gives recorded commands of the stock client to a running cloud, and compares what they print and what they exchange.
//   replay.mjs STATE_FOLDER RECORDINGS [NAME…]     NAME: the beginning of a recording's name; left out: all
// Each command's differences are printed below it; the last line is `N passed, M failed`. Exit status 0: none failed.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BETWEEN, SEED } from './between.mjs';
import { compareExchanges, compareOutputs } from './compare.mjs';
import { recordingProxy } from './recording-proxy.mjs';
import { recordings } from './recordings.mjs';

const [state, folder, ...wanted] = process.argv.slice(2);
const endpoints = JSON.parse(readFileSync(join(state, 'endpoints.json'), 'utf8'));
const SERVICES = { identity: 'keystone', compute: 'nova', placement: 'placement', image: 'glance' };
const proxy = await recordingProxy(
  Object.fromEntries(Object.entries(SERVICES).map(([own, name]) => [new URL(endpoints[own]).host, name])),
);
const environment = {
  ...process.env,
  OS_CLOUD: 'kilonova',
  OS_PLACEMENT_API_VERSION: '1.39',
  OS_CLIENT_CONFIG_FILE: join(state, 'clouds.yaml'),
  http_proxy: proxy.url,
  HTTP_PROXY: proxy.url,
  no_proxy: '',
  NO_PROXY: '',
};

/** @returns {Promise<{ code: number, output: string, exchanges: import('./compare.mjs').Exchange[] }>} */
const run = (command) =>
  new Promise((done) => {
    execFile('sh', ['-c', command], { env: environment, timeout: 180_000 }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : (error.code ?? 1), output: `${stdout}${stderr}`, exchanges: proxy.take() }),
    );
  });

const listed = async (what, column) => {
  const { output } = await run(`openstack ${what} -f json`);
  return JSON.parse(output).map((row) => row[column]);
};

/** Recorded names and ids, and what stands for them here. */
async function stand() {
  const hosts = await listed('hypervisor list', 'Hypervisor Hostname');
  return new Map([
    ['compute1', hosts[0]],
    ['compute2', hosts[1]],
  ]);
}

/** Ids in a command were made by commands before it: what stands for each is found by asking. */
async function translated(command, names) {
  let text = command;
  for (const [recorded, here] of names) text = text.replaceAll(recorded, here);
  const [id] = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/.exec(text) ?? [];
  if (id === undefined) return text;
  if (text.includes('group=')) return text.replace(id, (await listed('server group list', 'ID'))[0]);
  const providers = await run('openstack resource provider list -f json');
  const provider = JSON.parse(providers.output).find(({ name }) =>
    text.includes('inventory set') ? name === 'rp1' : name === names.get('compute1'),
  );
  return text.replace(id, provider.uuid);
}

/** Recorded exchanges with the names that things have here. */
const here = (exchanges) =>
  exchanges.map((exchange) => ({
    ...exchange,
    path: [...names].reduce((path, [was, is]) => path.replaceAll(was, is), exchange.path),
  }));

/** Until no server is under way to another state. */
async function settled() {
  for (let tries = 0; tries < 60; tries++) {
    const { output } = await run('openstack server list --long -f json');
    if (JSON.parse(output).every((server) => server['Task State'] === null && server.Status !== 'BUILD')) return;
    await pause(1000);
  }
}

const names = await stand();
for (const command of SEED) await run(command);
let failed = 0;
let passed = 0;
/** The recording of a command that was ended by force has no end to compare. */
const INTERRUPTED = 143;
for (const recorded of recordings(folder)) {
  if (recorded.code === INTERRUPTED) continue;
  const isWanted = wanted.length === 0 || wanted.some((name) => recorded.name.startsWith(name));
  if (isWanted) {
    const command = await translated(recorded.command, names);
    proxy.take();
    const seen = await run(command);
    const differences = [...compareOutputs(recorded, seen), ...compareExchanges(here(recorded.exchanges), seen.exchanges)];
    console.log(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${recorded.name}: ${command}`);
    for (const difference of differences) console.log(`       ${difference}`);
    if (differences.length === 0) passed += 1;
    else failed += 1;
  }
  for (const command of BETWEEN[recorded.name] ?? []) {
    await settled();
    await run(command);
  }
  if (recorded.command.includes(' server ')) await settled();
}
proxy.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
