#!/usr/bin/env node
// Prints the results of load/main.mjs as a table; with a second file, also how many times quicker the first is.
//   table.mjs PROJECT.json [REFERENCE.json]
import { readFileSync } from 'node:fs';

const read = (file) => (file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8')));
const [project, reference] = process.argv.slice(2).map(read);

const known = new Map((reference?.measures ?? []).map((row) => [`${row.n} ${row.name} ${row.conc}`, row]));
const number = (value) => (value === undefined || value === null ? '-' : String(value));
const ratio = (slow, quick) => (slow > 0 && quick > 0 ? `${(slow / quick).toFixed(1)}x` : '-');

const header = ['world', 'request', 'at once', 'median ms', 'p99 ms', 'per s', 'CPU ms'];
if (reference !== undefined) header.push('ref. median ms', 'ref. per s', 'ref. CPU ms', 'median', 'rate', 'CPU');

const rows = project.measures.map((row) => {
  const own = [row.n, row.name, row.conc, row.median_ms, row.p99_ms, row.rps, row.server_cpu_ms].map(number);
  if (reference === undefined) return own;
  const other = known.get(`${row.n} ${row.name} ${row.conc}`) ?? {};
  return [
    ...own,
    ...[other.median_ms, other.rps, other.server_cpu_ms].map(number),
    ratio(other.median_ms, row.median_ms),
    ratio(row.rps, other.rps),
    ratio(other.server_cpu_ms, row.server_cpu_ms),
  ];
});

const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
const line = (cells) =>
  cells.map((cell, column) => (column === 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
console.log([line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n'));
for (const { to, calls_per_s, seconds } of project.load)
  console.log(`loading to ${to} providers: ${seconds} s, ${calls_per_s} calls/s`);

const faults = project.measures.filter((row) => Object.keys(row.codes ?? {}).some((code) => !/^(2\d\d|409)$/.test(code)));
for (const row of faults) console.log(`unexpected answers: ${row.n} ${row.name} at ${row.conc}: ${JSON.stringify(row.codes)}`);
process.exitCode = faults.length > 0 ? 1 : 0;
