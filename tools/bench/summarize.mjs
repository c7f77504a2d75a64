// Prints the figures of a boot bench as a table, and memory and CPU of the processes of a state folder.
//   summarize.mjs RESULTS.json RUN_FOLDER
import fs from 'node:fs';

const [file, runFolder] = process.argv.slice(2);
const result = JSON.parse(fs.readFileSync(file, 'utf8'));
const rows = [];
const add = (what, value, reference) => rows.push([what, value, reference]);

if (result.single) add('single boot to ACTIVE, median of 20', `${result.single.toActive.p50} ms`, '474 ms');
if (result.multi)
  add('one request for 50 servers', `${(result.multi.active / result.multi.allActive_s).toFixed(1)} servers/s`, '4.2 servers/s');
if (result.burst300) {
  add(
    '300 creates at concurrency 8: POST p50 / p99',
    `${result.burst300.post.p50} / ${result.burst300.post.p99} ms`,
    '1784 / 2157 ms',
  );
  add('300 creates at concurrency 8: until all ACTIVE', `${result.burst300.serversPerS} servers/s`, '1.55 servers/s');
}
if (result.detail300)
  add(`GET /servers/detail, ${result.detail300.servers} servers, median`, `${result.detail300.detail.p50} ms`, '368 ms');

/** Resident memory and CPU seconds of a process and its children. */
function usage(pid) {
  const processes = new Map();
  for (const entry of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = fs.readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const pss = Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${entry}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
      processes.set(Number(entry), {
        parent: Number(fields[1]),
        cpu: (Number(fields[11]) + Number(fields[12])) / 100,
        rss: (Number(fields[21]) * 4096) / 1048576,
        pss: pss / 1024,
        name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      });
    } catch {
      // The process ended meanwhile.
    }
  }
  const tree = [pid];
  for (const [id, process] of processes) if (tree.includes(process.parent)) tree.push(id);
  return tree.flatMap((id) => (processes.has(id) ? [{ pid: id, ...processes.get(id) }] : []));
}

const width = Math.max(...rows.map(([what]) => what.length));
console.log(`${'measured'.padEnd(width)}  ${'here'.padEnd(18)}  the real one, two cores`);
for (const [what, value, reference] of rows) console.log(`${what.padEnd(width)}  ${value.padEnd(18)}  ${reference}`);

let total = 0;
for (const name of fs.readdirSync(runFolder).filter((entry) => entry.endsWith('.pid'))) {
  const own = usage(Number(fs.readFileSync(`${runFolder}/${name}`, 'utf8')));
  if (name === 'up.pid' && fs.readdirSync(runFolder).filter((entry) => entry.endsWith('.pid')).length > 1) own.splice(1);
  const node = own.filter((process) => !process.name.startsWith('postgres'));
  const rss = node.reduce((sum, process) => sum + process.rss, 0);
  const cpu = node.reduce((sum, process) => sum + process.cpu, 0);
  total += rss;
  console.log(
    `${name.replace('.pid', '').padEnd(24)}  ${rss.toFixed(0).padStart(6)} MB resident  ${cpu.toFixed(1).padStart(7)} CPU s`,
  );
}
console.log(`${'services together'.padEnd(24)}  ${total.toFixed(0).padStart(6)} MB resident (without the database server)`);
