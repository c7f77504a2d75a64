import { randomInt, randomUUID } from 'node:crypto';
import { StepRepository } from '@kilonova/cell-db';
import {
  ACTIONS,
  type ActionName,
  actionRule,
  operationRule,
  type Refusal,
  refusalOf,
  TASK_STATES,
  type TaskState,
  VM_STATES,
  type VmState,
} from '@kilonova/compute-objects';
import { execute, rows } from '@kilonova/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { computeRoutes } from '../../compute-routes.js';
import { ACTION_REQUESTS, type ActionRequest } from '../../spec-support/action-requests.js';
import { type Cast, useServerCloud } from '../../spec-support/server-cloud.js';

/** A server in a state; all of them are there from the beginning. */
interface Subject {
  readonly uuid: string;
  readonly vm_state: VmState;
  readonly task_state: TaskState | null;
  readonly launched_at: string | null;
  readonly locked: boolean;
  readonly host: string | null;
}

/** Of the whole product of states, as many are tried with each action beside those on the axes. */
const SAMPLE = 12;
const AT_ONCE = 16;
const LAUNCHED = '2026-01-31T10:00:00Z';
const DOWN = 'host9';

const cloud = useServerCloud({ messaging: { callTimeoutSeconds: 30 }, quota: { instances: -1, cores: -1, ram: -1 } });
const steps = new StepRepository();
const tasks = [null, ...TASK_STATES];
const states = VM_STATES.filter((state) => state !== 'deleted');

const subject = (vm_state: VmState, task_state: TaskState | null, given: Partial<Subject> = {}): Subject => ({
  uuid: randomUUID(),
  vm_state,
  task_state,
  launched_at: LAUNCHED,
  locked: false,
  host: 'host1',
  ...given,
});
const product = states.flatMap((state) => tasks.map((task) => subject(state, task)));
const odd = states.flatMap((state) => [
  subject(state, null, { launched_at: null }),
  subject(state, null, { locked: true }),
  subject(state, null, { host: null }),
  subject(state, null, { host: DOWN }),
]);

/** A password is changed as soon as the agent is told: the response waits for it. */
cloud.onCast = async ({ method, args, host }: Cast) => {
  if (method !== 'set_admin_password') return { outcome: method === 'open_console' ? 'unavailable' : 'unsupported' };
  const step = { ...(args as object), step: method, host } as never;
  await steps.take(cloud.cell1, step);
  return steps.finish(cloud.cell1, { ...(step as object), updates: {} } as never);
};

const INSERT = `
  INSERT INTO instances OVERRIDING SYSTEM VALUE
  SELECT (jsonb_populate_record(i, to_jsonb(s) || jsonb_build_object('id', 1000 + row_number() OVER ()))).*
    FROM instances i, jsonb_to_recordset($1::jsonb) AS s (uuid uuid, vm_state text, task_state text, launched_at timestamptz, locked boolean, host text)`;

beforeAll(async () => {
  await cloud.clear();
  await execute(cloud.api, `INSERT INTO flavors (flavorid, name, memory_mb, vcpus, root_gb) VALUES ('f2', 'other', 512, 1, 2)`);
  await cloud.host(DOWN);
  await execute(cloud.cell1, 'UPDATE services SET forced_down = true WHERE host = $1', [DOWN]);
  const model = await cloud.active({ metadata: { kept: 'v' } });
  await cloud.able(model);
  const all = [...product, ...odd];
  await execute(cloud.cell1, INSERT, [JSON.stringify(all)]);
  await execute(cloud.cell1, 'DELETE FROM instances WHERE uuid = $1', [model]);
  await execute(cloud.cell1, 'CREATE TABLE subjects AS SELECT * FROM instances');
  await execute(
    cloud.api,
    `INSERT INTO instance_mappings (instance_uuid, cell_id, project_id, user_id) SELECT unnest($1::uuid[]), 2, 'p', 'u'`,
    [all.map(({ uuid }) => uuid)],
  );
}, 120_000);

/** All servers are as they were in the beginning, and their host has just been heard from. */
async function asInTheBeginning(): Promise<void> {
  await cloud.host('host1');
  await execute(cloud.cell1, 'DELETE FROM operations');
  await execute(cloud.cell1, 'DELETE FROM instances');
  await execute(cloud.cell1, 'INSERT INTO instances OVERRIDING SYSTEM VALUE SELECT * FROM subjects');
  await execute(cloud.api, 'UPDATE instance_mappings SET queued_for_delete = false WHERE queued_for_delete');
}

/** Each state of the machine alone, each task in a state that the action allows, the odd ones, and some of all others. */
function chosen(action: ActionName): readonly Subject[] {
  const { vmStates } = actionRule(action);
  const home = vmStates === 'any' ? 'active' : vmStates[0];
  const axes = product.filter(({ vm_state, task_state }) => task_state === null || vm_state === home);
  const sample = Array.from({ length: SAMPLE }, () => product[randomInt(product.length)] as Subject);
  return [...new Set([...axes, ...odd, ...sample])];
}

/** Nova's words, told apart from those that the service itself has. */
function words(action: ActionName, { uuid }: Subject, refusal: Refusal): string {
  const verb = actionRule(action).verb ?? action;
  switch (refusal.reason) {
    case 'locked':
      return `Instance ${uuid} is locked`;
    case 'no-host':
      return `Instance ${uuid} is not ready`;
    case 'host-down':
      return 'Service is unavailable at this time.';
    case 'state':
      return `Cannot '${verb}' instance ${uuid} while it is in ${refusal.attribute} ${refusal.state}`;
    case 'never-active':
      return `Cannot '${verb}' an instance which has never been active`;
  }
}

/** What a server came to that was asked of as the table allows it, or not. */
interface Verdict {
  readonly state: string;
  readonly refused: string | null;
}

const stateOf = ({ vm_state, task_state, launched_at, locked, host }: Subject): string =>
  [vm_state, task_state ?? 'idle', launched_at === null ? 'never active' : '', locked ? 'locked' : '', host ?? 'no host']
    .filter((text) => text !== '')
    .join(', ');

/** Of servers on no host only these are done where the table allows it: by the API, a new host, or what a migration says. */
function needsNoHost(action: ActionName): boolean {
  const { operation } = actionRule(action);
  if (operation === undefined || operation === 'delete') return true;
  const { placed, resumes } = operationRule(operation);
  return placed !== undefined || resumes !== undefined;
}

/** The row that a request is judged by, where the server's state chooses one. */
const rowOf = (action: ActionName, { vm_state }: Subject): ActionName =>
  action === 'unshelve' && vm_state === 'shelved_offloaded' ? 'unshelveOffloaded' : action;

function expected(action: ActionName, server: Subject, aboveLocks: boolean): Verdict {
  const byTable = refusalOf(rowOf(action, server), server, { aboveLocks, hostIsUp: server.host === 'host1' });
  const refusal =
    byTable ?? (server.host === null && !needsNoHost(rowOf(action, server)) ? ({ reason: 'no-host' } as const) : undefined);
  return { state: stateOf(server), refused: refusal === undefined ? null : words(action, server, refusal) };
}

async function found(request: ActionRequest, server: Subject): Promise<Verdict> {
  const { status, body } = await cloud.call(request.method, `/servers/${server.uuid}${request.path}`, request.call);
  return { state: stateOf(server), refused: status === 409 ? body.conflictingRequest.message : null };
}

/** As many at once as several clients would. */
async function all<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

const requestOf = (action: ActionName): ActionRequest | string | undefined => ACTION_REQUESTS[action];
const isRouted = ({ method, call }: ActionRequest, path: string): boolean => {
  const [name] = path === '/servers/:id/action' ? Object.keys(call?.body as object) : [];
  return computeRoutes.some((row) => row.method === method && row.path === path && (name === undefined || row.action === name));
};

const actions = Object.keys(ACTIONS) as ActionName[];
const asked = actions.flatMap((action) => {
  const request = requestOf(action);
  const isThere =
    typeof request === 'object' && isRouted(request, `/servers/:id${request.path.replace('/metadata/kept', '/metadata/:key')}`);
  return isThere ? [[action, request] as const] : [];
});

describe('a server is asked of', () => {
  it('by every action of the table, or the action says why not', () => {
    expect(actions.filter((action) => requestOf(action) === undefined)).toEqual([]);
    expect(asked.length).toBeGreaterThan(25);
  });

  it.each(asked)(
    '%s in every state, and is refused where the table says so, in Nova’s words',
    async (action, request) => {
      await asInTheBeginning();
      const servers = chosen(action);
      const aboveLocks = request.call?.roles === 'admin';
      const verdicts = await all(servers, (server) => found(request, server));
      expect(verdicts).toEqual(
        servers.map((server) => expected(request.instead?.[server.vm_state] ?? action, server, aboveLocks)),
      );
      const refused = servers.filter((_, index) => verdicts[index]?.refused !== null).map(({ uuid }) => uuid);
      const changed = await rows(
        cloud.cell1,
        `SELECT s.uuid FROM subjects s LEFT JOIN instances i ON i.uuid = s.uuid
        WHERE s.uuid = ANY($1::uuid[]) AND to_jsonb(i) IS DISTINCT FROM to_jsonb(s)`,
        [refused],
      );
      expect(changed, 'what is refused leaves the server as it was').toEqual([]);
    },
    60_000,
  );
});
