import { readFile } from 'node:fs/promises';
import { type JsonSchema, validate } from '@kilonova/http';
import { parse } from 'yaml';
import type { IdentitySeed } from '../model/seed.js';

const text = { type: 'string', minLength: 1 };
const list = (properties: Record<string, unknown>, required: readonly string[]): unknown => ({
  type: 'array',
  items: { type: 'object', properties, required, additionalProperties: false },
});
const roles = list({ role: text, project: text, domain: text, system: { type: 'boolean' } }, ['role']);

const seedSchema: JsonSchema = {
  type: 'object',
  properties: {
    domains: list({ id: text, name: text }, ['name']),
    roles: { type: 'array', items: text },
    projects: list({ name: text, id: text, domain: text, description: { type: 'string' } }, ['name']),
    users: list({ name: text, id: text, password: text, domain: text, default_project: text, roles }, ['name', 'password']),
    absent_users: { type: 'array', items: text },
    services: list({ type: text, name: text, url: text, internal_url: text, admin_url: text, region: text }, [
      'type',
      'name',
      'url',
    ]),
  },
  additionalProperties: false,
};

/** Reads a seed. @throws Error that names file and fault, without showing values: some are passwords */
export async function readSeedFile(path: string): Promise<IdentitySeed> {
  const seed: unknown = parse(await readFile(path, 'utf8')) ?? {};
  const fault = validate(seedSchema, seed);
  if (fault !== undefined) throw new Error(`${path}: ${fault.path.join('.') || 'the file'} does not fit (${fault.keyword})`);
  return seed as IdentitySeed;
}
