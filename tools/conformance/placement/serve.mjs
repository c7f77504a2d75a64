#!/usr/bin/env node
// Starts placement in the profiles that the functional suite of the reference asks for, all on one database, and keeps
// them until it is told to end. Prints one `export NAME=URL` line a profile, then `ready`. The database is that of
// KILONOVA_DATABASE_URL, which is emptied at the start, or one of its own in a temporary folder.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@kilonova/config';
import { startPostgres } from '@kilonova/local-servers';
import { placementRules, placementSections, startPlacement } from '@kilonova/placement';

const folder = await mkdtemp(join(tmpdir(), 'kilonova-conformance-'));
const closings = [() => rm(folder, { recursive: true, force: true })];

async function databaseUrl() {
  const given = process.env.KILONOVA_DATABASE_URL;
  if (given !== undefined) return given;
  const server = await startPostgres({ baseDir: folder, durable: false });
  closings.push(() => server.stop());
  return server.url;
}

/** A policy file that opens every rule but the one that names administrators. */
async function openPolicy() {
  const path = join(folder, 'open-policy.yaml');
  const rules = placementRules.map((rule) => rule.name).filter((name) => name !== 'admin_api');
  await writeFile(path, rules.map((name) => `"${name}": "@"\n`).join(''));
  return path;
}

const url = await databaseUrl();
const profiles = {
  PLACEMENT_URL: { policy: { enforceNewDefaults: false } },
  PLACEMENT_URL_SECURE: { policy: { enforceNewDefaults: true } },
  PLACEMENT_URL_OPEN: { policy: { enforceNewDefaults: false, file: await openPolicy() } },
  PLACEMENT_URL_CORS: {
    policy: { enforceNewDefaults: false },
    cors: { allowedOrigins: ['http://valid.example.com'], allowHeaders: ['openstack-api-version'] },
  },
};

for (const [name, settings] of Object.entries(profiles)) {
  const flags = {
    database: { url, poolSize: 5, syncOnStartup: true },
    http: { port: 0 },
    auth: { strategy: 'noauth2' },
    log: { level: process.env.LOG_LEVEL ?? 'error' },
    ...settings,
  };
  const running = await startPlacement({ config: loadConfig({ sections: placementSections, env: {}, flags }) });
  closings.push(() => running.close());
  console.log(`export ${name}=${running.url}`);
  if (name === 'PLACEMENT_URL') console.log(`export PLACEMENT_URL_LEGACY=${running.url}`);
}
console.log('ready');

const end = async () => {
  for (const close of closings.reverse()) await close();
  process.exit(0);
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
