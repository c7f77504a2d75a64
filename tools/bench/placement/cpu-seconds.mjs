#!/usr/bin/env node
// Prints the CPU seconds that the process trees of some pids have used, ended children included.
//   cpu-seconds.mjs PID …
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second: what every Linux of today shows to programs. */
const TICKS = 100;

/** Fields of /proc/PID/stat behind the name, which may hold spaces: proc(5). */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), ticks: [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) };
  } catch {
    return undefined; // ended meanwhile; its parent has its time
  }
}

const processes = readdirSync('/proc')
  .filter((name) => /^\d+$/.test(name))
  .map((name) => statOf(Number(name)))
  .filter((found) => found !== undefined);

const ticksOf = (pid) =>
  processes
    .filter((one) => one.parent === pid)
    .reduce((sum, child) => sum + ticksOf(child.pid), processes.find((one) => one.pid === pid)?.ticks ?? 0);

console.log(process.argv.slice(2).reduce((sum, pid) => sum + ticksOf(Number(pid)), 0) / TICKS);
