#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cpuMeter } from './cpu.mjs';
import { createCommon, growWorld } from './grow.mjs';
import { measureWorld } from './rounds.mjs';

const HELP = `Measures latency and throughput of a placement service in growing worlds.

  PLACEMENT_URL=http://127.0.0.1:8778 main.mjs [options]

The service must be empty at the start.

  --n 100,1000,5000   hosts of the worlds, ascending
  --seconds 4         time of each measure
  --only REGEX        measures only requests whose name matches
  --out FILE          writes the results as JSON
  --label NAME        names the service in the results
  --cpucmd COMMAND    prints the CPU seconds the service has used so far
  --help              shows this

Environment: PLACEMENT_URL; PLACEMENT_TOKEN (admin); PLACEMENT_MICROVERSION (1.39).`;

const OPTIONS = {
  n: { type: 'string', default: '100,1000,5000' },
  seconds: { type: 'string', default: '4' },
  only: { type: 'string', default: '' },
  out: { type: 'string' },
  label: { type: 'string', default: '' },
  cpucmd: { type: 'string' },
  help: { type: 'boolean', default: false },
};

/** The sizes of the worlds from the words of --n. */
function sizesOf(list) {
  const sizes = list.split(',').map(Number);
  const good = sizes.every((size, index) => Number.isInteger(size) && size > (sizes[index - 1] ?? 0));
  if (!good) throw new Error(`--n takes ascending numbers of hosts, as 100,1000: ${list}`);
  return sizes;
}

function secondsOf(word) {
  const seconds = Number(word);
  if (!(seconds > 0)) throw new Error(`--seconds takes a number above 0: ${word}`);
  return seconds;
}

function describe({ n, name, conc, median_ms, p99_ms, rps, codes }) {
  const place = `${String(n).padStart(6)}  ${name.padEnd(28)} at ${String(conc).padStart(2)}`;
  return `${place}  median ${median_ms} ms  p99 ${p99_ms} ms  ${rps}/s  ${JSON.stringify(codes)}`;
}

/** Grows the worlds and measures in each. Resolves to { load, measures }: the rows of grow.mjs and of rounds.mjs. */
async function measureAll(setup, sizes) {
  const load = [];
  const measures = [];
  await createCommon(setup.target);
  for (const size of sizes) {
    const growth = await growWorld(setup.target, load.at(-1)?.to ?? 0, size);
    load.push(growth);
    console.log(`${growth.providers} hosts more: ${growth.calls} calls in ${growth.seconds} s`);
    for await (const row of measureWorld(setup, size)) {
      measures.push(row);
      console.log(describe(row));
    }
  }
  return { load, measures };
}

async function main() {
  const { values: options } = parseArgs({ options: OPTIONS });
  if (options.help) {
    console.log(HELP);
    return;
  }
  const { PLACEMENT_URL: url = 'http://127.0.0.1:8778', PLACEMENT_TOKEN: token = 'admin' } = process.env;
  const microversion = process.env.PLACEMENT_MICROVERSION ?? '1.39';
  const only = new RegExp(options.only);
  const setup = {
    target: { url, token, microversion },
    seconds: secondsOf(options.seconds),
    wanted: (name) => only.test(name),
    cpuSeconds: cpuMeter(options.cpucmd),
  };
  const started = new Date().toISOString();
  const results = await measureAll(setup, sizesOf(options.n));
  const about = { label: options.label, microversion, started, finished: new Date().toISOString() };
  if (options.out) await writeFile(options.out, `${JSON.stringify({ ...about, ...results }, null, 1)}\n`);
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
