#!/usr/bin/env node
// How much memory a snapshot takes: the simulated driver sends so many bytes to the image companion, each in a process of its own
// with the options that `kilonova up` gives it.
//   main.mjs [GIB]   default 5; needs as much room in the folder for temporary files
// Prints the resident memory of both before and at most; exit status 1 when one of them grew by more than is promised.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is promised, MB. */
const GROWS_BY_MB = { 'image service': 50, sender: 50 };
const EVERY_MS = 200;
const bytes = Number(process.argv[2] ?? 5) * 1024 ** 3;
const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
const here = (name) => new URL(name, import.meta.url);
const options = { execArgv: ['--max-semi-space-size=4'], env: { ...process.env, MALLOC_TRIM_THRESHOLD_: '131072' } };
const residentMb = ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const receiver = fork(here('receiver.mjs'), [folder], { ...options, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
try {
  const [{ url }] = await once(receiver, 'message');
  const sender = fork(here('sender.mjs'), [url, String(bytes)], options);
  await once(sender, 'message');
  const sides = [
    { name: 'image service', process: receiver, before: residentMb(receiver), most: 0 },
    { name: 'sender', process: sender, before: residentMb(sender), most: 0 },
  ];
  const look = () => {
    for (const side of sides) side.most = Math.max(side.most, residentMb(side.process));
  };
  const started = performance.now();
  const watch = setInterval(look, EVERY_MS);
  const [{ outcome }] = await once(sender, 'message');
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${bytes / 1024 ** 3} GiB in ${seconds.toFixed(0)} s: ${outcome}`);
  for (const { name, before, most } of sides)
    console.log(`${name}: ${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most, ${(most - before).toFixed(0)} MB more`);
  const keeps = sides.every(({ name, before, most }) => most - before < GROWS_BY_MB[name]);
  process.exitCode = outcome === 'stored' && keeps ? 0 : 1;
} finally {
  receiver.kill();
  rmSync(folder, { recursive: true, force: true });
}
