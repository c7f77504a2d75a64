#!/usr/bin/env node
// Does with a running cloud what recorded commands did with another, and compares the events that both told: their order, and
// their payloads by keys, objects, versions and types.
//   replay.mjs STATE_FOLDER RECORDINGS [NAME…]     NAME: the beginning of a recording's name; left out: all
// Each recording's differences are printed below it; the last line is `N passed, M failed`. Exit status 0: none failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cloud } from '../../cloud/cloud-client.mjs';
import { isMeant, isUnwanted } from './accepted.mjs';
import { messageDifferences, orderDifferences, recordedStep, seenStep } from './compare.mjs';
import { Listener } from './listener.mjs';
import { ofFamily, orders, samples, topicOf } from './recordings.mjs';
import { SCRIPT } from './script.mjs';

const [state, folder, ...wanted] = process.argv.slice(2);
const recorded = orders(folder);
const known = samples(folder);
const endpoints = JSON.parse(readFileSync(join(state, 'endpoints.json'), 'utf8'));
const password = readFileSync(join(state, 'secrets', 'admin-password'), 'utf8').trim();
const cloud = new Cloud(endpoints);
await cloud.login({ user: 'admin', password, project: 'admin' });
const { hypervisors } = await cloud.ask('GET', '/os-hypervisors');
const world = {
  cloud,
  image: await cloud.anyImage(),
  hosts: hypervisors.map((one) => one.hypervisor_hostname),
  ids: {},
};
const listener = new Listener(join(import.meta.dirname, '..', '..', '..', 'kilonova'), state);

/** Nothing is under way, and all of it is told. */
async function settled() {
  await cloud.until(
    'rest',
    async () => {
      const { servers } = await cloud.ask('GET', '/servers/detail');
      return servers.every((one) => one['OS-EXT-STS:task_state'] === null && one.status !== 'BUILD');
    },
    { everyMs: 100, deadlineMs: 60_000 },
  );
  listener.stir();
  return listener.take();
}

let passed = 0;
let failed = 0;
const told = (name, differences, lines = differences) => {
  if (differences.length === 0) passed += 1;
  else failed += 1;
  console.log(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  if (differences.length > 0) for (const line of lines) console.log(`       ${line}`);
};

const byEvent = new Map();
await listener.ready(async () => {
  await cloud.ask('POST', '/os-keypairs', { keypair: { name: 'heard' } });
  await cloud.ask('DELETE', '/os-keypairs/heard');
});
for (const [key, requests, first] of SCRIPT) {
  for (const request of requests) await request(world);
  const seen = await settled();
  for (const message of seen) byEvent.set(`${topicOf(message)} ${message.eventType}`, message);
  const recording = recorded.get(key);
  if (recording === undefined || (wanted.length > 0 && !wanted.some((name) => recording.name.startsWith(name)))) continue;
  for (const family of ['versioned', 'unversioned']) {
    const was = ofFamily.recorded(recording.lines.slice(0, first), family).map(recordedStep);
    const is = ofFamily.seen(seen, family).map(seenStep);
    const lines = orderDifferences(was, is);
    told(`${recording.name}, order, ${family}`, isMeant(lines) ? [] : lines);
  }
}
for (const [event, sample] of [...known].sort()) {
  const seen = byEvent.get(event);
  if (seen !== undefined) told(event, messageDifferences(sample, seen));
  else if (!isUnwanted(event)) told(event, ['was not told']);
}
listener.close();
cloud.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
