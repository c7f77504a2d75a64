import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const TICKS_PER_SECOND = 100;
const KILOBYTES_PER_MB = 1024;
const NOTHING = { cpuSeconds: 0, residentMb: 0, shareMb: 0 };

/**
 * CPU seconds so far and memory (MB; resident, and its share when pages shared by several processes are split among them)
 * of the processes whose pid files are in a folder, by the file's name. A
 * child counts with its parent unless it has a pid file of its own; database servers are summed under `postgres`.
 */
export function usageByService(folder) {
  const roots = pidFiles(folder);
  const usage = new Map([...roots.values()].map((name) => [name, NOTHING]));
  const table = processTable();
  for (const process of table.values()) {
    const owner = ownerOf(process, table, roots);
    if (owner === undefined) continue;
    const name = process.command.startsWith('postgres') ? 'postgres' : owner;
    usage.set(name, added(usage.get(name) ?? NOTHING, process));
  }
  return usage;
}

const added = (sum, process) => Object.fromEntries(Object.keys(NOTHING).map((key) => [key, sum[key] + process[key]]));

function pidFiles(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pid'));
  return new Map(files.map((name) => [Number(readFileSync(join(folder, name), 'utf8')), basename(name, '.pid')]));
}

function ownerOf(process, table, roots) {
  for (let at = process; at !== undefined; at = table.get(at.parent)) {
    if (roots.has(at.pid)) return roots.get(at.pid);
  }
  return undefined;
}

function processTable() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(pids.flatMap((pid) => readProcess(Number(pid))).map((process) => [process.pid, process]));
}

/** One entry, or none when the process ended meanwhile. */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const megabytes = (field) => Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(memory)?.[1] ?? 0) / KILOBYTES_PER_MB;
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    return [
      {
        pid,
        command: stat.slice(stat.indexOf('(') + 1, end),
        parent: Number(fields[1]),
        cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
        residentMb: megabytes('Rss'),
        shareMb: megabytes('Pss'),
      },
    ];
  } catch {
    return [];
  }
}
