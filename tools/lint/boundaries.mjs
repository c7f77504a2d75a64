#!/usr/bin/env node
// Checks who imports whom across the workspace, against the tags in each package.json, and that what is exported is imported.
// Exit code 1 for any finding.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deadCode } from './dead-code.mjs';
import { check, checkRoot } from './rules.mjs';
import { loadWorkspace, referencesOf } from './workspace.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const packages = loadWorkspace(root);
const findings = [...check(packages), ...checkRoot(packages, referencesOf(root)), ...deadCode(packages)];
const files = packages.reduce((sum, pkg) => sum + pkg.sources.length, 0);

for (const { file, line, rule, message } of findings) console.error(`${file}:${line}  ${rule}  ${message}`);
console.log(`boundaries: ${packages.length} packages, ${files} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
