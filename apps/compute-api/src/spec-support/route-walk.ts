import { formatMicroversion, microversion, pickVersion, type Route } from '@kilonova/http';
import { MAX_VERSION } from '../version/version-span.js';
import { sampleOf } from './sample-body.js';

/** Whose a thing is, seen from the caller. */
export type Relation = 'own' | 'mate' | 'stranger';

/** What a row's rule is about; `nothing`: what is the caller's own. */
export type Subject = 'server' | 'group' | 'key-pair' | 'project' | 'nothing';

const SUBJECTS: ReadonlyArray<readonly [RegExp, Subject]> = [
  [/^\/(servers|os-volumes_boot)\/:id/, 'server'],
  [/^\/os-server-groups\/:id/, 'group'],
  [/^\/os-keypairs/, 'key-pair'],
  [/^\/(os-quota-sets|os-simple-tenant-usage)\/:id/, 'project'],
];

/** @throws Error for a row about a thing of an unknown kind: it has to be added above */
export function subjectOf(row: Route): Subject {
  if (row.authorizedBy !== 'controller') return 'nothing';
  const found = SUBJECTS.find(([pattern]) => pattern.test(row.path));
  if (found === undefined) throw new Error(`${row.path}: whose is what this row is about?`);
  return found[1];
}

/** What stands for the parameters that name no owner. */
const PARAMS: Readonly<Record<string, string>> = {
  flavor_id: 'f1',
  key: 'key0',
  tag: 'a',
  network: 'n',
  request_id: 'req-4a2f3c86-4d0c-4c1c-9d0e-9a3a4ffb7a10',
};
const ANY = '4a2f3c86-4d0c-4c1c-9d0e-9a3a4ffb7a10';

export interface WalkedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** The newest version of the row, with Kilonova's own extensions. */
  readonly at: string;
  readonly body?: unknown;
}

/** The request of a row for a thing. @param id of the thing; @param userId whose key pairs are meant */
export function requestOf(row: Route, id: string, userId?: string): WalkedRequest {
  const version = newestOf(row);
  const at = `${version}, kilonova latest`;
  const path = row.path.replace(/:(\w+)/g, (_all, name: string) => (name === 'id' ? id : (PARAMS[name] ?? ANY)));
  const body = bodyOf(row, version);
  const user = subjectOf(row) === 'key-pair' && userId !== undefined ? { user_id: userId } : undefined;
  const method = row.method as WalkedRequest['method'];
  if (user === undefined) return { method, path, at, body };
  if (row.method !== 'POST') return { method, path: `${path}?${new URLSearchParams(user)}`, at };
  return { method, path, at, body: { keypair: { ...(body as { keypair: object }).keypair, ...user } } };
}

const newestOf = ({ max }: Route): string =>
  max !== undefined && microversion(max) < microversion(MAX_VERSION) ? max : MAX_VERSION;

function bodyOf(row: Route, at: string): unknown {
  const schema = row.body && pickVersion(row.body, { version: microversion(at) })?.schema;
  if (schema !== undefined) return sampleOf(schema);
  return row.action === undefined ? undefined : { [row.action]: null };
}

/** How a row is named in a report. */
export const rowName = ({ method, path, action, max }: Route): string =>
  `${method} ${path}${action === undefined ? '' : ` ${action}`}${max === undefined ? '' : ` ≤${formatMicroversion(microversion(max))}`}`;
