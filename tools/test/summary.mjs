#!/usr/bin/env node
// Usage: summary.mjs STEPS RESULTS. STEPS has a line `name status` per step of run.sh; RESULTS is vitest's JSON report.
// Prints what failed and, last, `N passed, M failed[, K skipped]`; exit code 1 for any failure.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { summarize } from './summarize.mjs';

const [stepsFile, resultsFile] = process.argv.slice(2);
const steps = readFileSync(stepsFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .map(([name, status]) => ({ name, ok: status === '0' }));
const report = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : undefined;

const { passed, failed, skipped, failures } = summarize(steps, report, (file) => relative(process.cwd(), file));
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
