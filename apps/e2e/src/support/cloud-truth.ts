import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Ends the name of what a guest left behind that moved away. */
const LEFT = '_resize';

interface Row {
  readonly cell: string;
  readonly uuid: string;
  readonly host: string | null;
  readonly vm_state: string;
  readonly task_state: string | null;
  readonly fault: string | null;
  /** Its flavor's. MiB and GiB. */
  readonly vcpus: number;
  readonly memory_mb: number;
  readonly disk_gb: number;
}

/** What is written down about servers, by those who know: the databases, and the memory of the simulated hypervisors. */
export class CloudTruth {
  private constructor(
    private readonly stateDir: string,
    private readonly api: pg.Client,
    private readonly cells: ReadonlyMap<string, pg.Client>,
  ) {}

  /** @param stateDir of a running cloud; its configuration names the databases. */
  static async open(stateDir: string): Promise<CloudTruth> {
    const text = readFileSync(join(stateDir, 'config', 'super-conductor.yaml'), 'utf8');
    const url = /apiDatabase:\s+url: (\S+)/.exec(text)?.[1];
    if (url === undefined) throw new Error('the configuration of the super conductor names no database');
    const api = await connected(url);
    const { rows } = await api.query('SELECT name, database_connection AS url FROM cell_mappings');
    const cells = new Map<string, pg.Client>();
    for (const { name, url: cellUrl } of rows as Array<{ name: string; url: string }>) cells.set(name, await connected(cellUrl));
    return new CloudTruth(stateDir, api, cells);
  }

  async close(): Promise<void> {
    await Promise.all([this.api, ...this.cells.values()].map((client) => client.end()));
  }

  async servers(): Promise<readonly Row[]> {
    return this.#ofCells(
      `SELECT uuid, host, vm_state, task_state, fault ->> 'message' AS fault, (flavor ->> 'vcpus')::int AS vcpus,
              (flavor ->> 'memory_mb')::int AS memory_mb, (flavor ->> 'root_gb')::int AS disk_gb FROM instances`,
    );
  }

  /** What is under way, step by step. */
  async operations(): Promise<ReadonlyArray<{ readonly uuid: string; readonly step: string; readonly state: string }>> {
    return (await this.#ofCells('SELECT instance_uuid AS uuid, step, state FROM operations')) as never;
  }

  /** Everything that is still to be done: nothing of this is left in a cloud at rest. */
  async underWay(): Promise<readonly unknown[]> {
    const boots = await this.#api(`SELECT 'boot' AS what, instance_uuid AS uuid, NULL AS step FROM build_requests`);
    const operations = await this.#ofCells(
      `SELECT 'operation' AS what, instance_uuid AS uuid, step || ' ' || state AS step FROM operations`,
    );
    const ends = await this.#ofCells(`SELECT 'end' AS what, instance_uuid AS uuid, step FROM ended_steps`);
    const messages = await this.#ofCells(`SELECT 'message' AS what, method AS step FROM outbox`);
    const casts = await this.#api(`SELECT 'message' AS what, method AS step FROM outbox`);
    return [...boots, ...operations, ...ends, ...messages, ...casts];
  }

  /** The servers that quota is held for. */
  async holdings(): Promise<readonly string[]> {
    const rows = (await this.#api('SELECT instance_uuid AS uuid FROM quota_holdings')) as Array<{ uuid: string }>;
    return rows.map((row) => row.uuid);
  }

  /** What all projects together are counted to use. MiB of memory. */
  async usedInAll(): Promise<{ readonly instances: number; readonly cores: number; readonly ram: number }> {
    const [used] = await this.#api(
      `SELECT sum(instances)::int AS instances, sum(cores)::int AS cores, sum(ram)::int AS ram
         FROM quota_usages WHERE user_id = ''`,
    );
    return used as { instances: number; cores: number; ram: number };
  }

  /** Migrations that have not come to an end. */
  async unfinishedMigrations(): Promise<readonly unknown[]> {
    return this.#ofCells(
      `SELECT instance_uuid AS uuid, migration_type AS what, status FROM migrations
        WHERE status NOT IN ('confirmed', 'reverted', 'error', 'failed', 'completed', 'cancelled', 'done')`,
    );
  }

  /** Servers counted as used, by project and user; nobody's zero is shown. */
  async usage(): Promise<ReadonlyMap<string, number>> {
    const rows = (await this.#api(
      'SELECT project_id, user_id, instances FROM quota_usages WHERE instances + cores + ram <> 0',
    )) as Array<{
      project_id: string;
      user_id: string;
      instances: number;
    }>;
    return new Map(rows.map((row) => [`${row.project_id}/${row.user_id}`, row.instances]));
  }

  /** Guests by uuid: their host and power state, from the journals of the hypervisors. */
  guests(): ReadonlyMap<string, { readonly host: string; readonly power: string }> {
    const guests = new Map<string, { host: string; power: string }>();
    for (const { uuid, host, power } of this.#journals()) {
      if (uuid.endsWith(LEFT)) continue;
      if (guests.has(uuid)) throw new Error(`guest ${uuid} is on ${host} and on ${guests.get(uuid)?.host}`);
      guests.set(uuid, { host, power });
    }
    return guests;
  }

  /** What guests that moved away left behind: uuid and host. */
  movedAway(): ReadonlyArray<{ readonly uuid: string; readonly host: string }> {
    const left = [...this.#journals()].filter(({ uuid }) => uuid.endsWith(LEFT));
    return left.map(({ uuid, host }) => ({ uuid: uuid.slice(0, -LEFT.length), host }));
  }

  /** Moves by server, newest first. */
  async migrations(): Promise<ReadonlyArray<{ uuid: string; instance_uuid: string; status: string; source_compute: string }>> {
    return (await this.#ofCells('SELECT uuid, instance_uuid, status, source_compute FROM migrations ORDER BY id DESC')) as never;
  }

  /** What servers count for in quota. */
  async counted(): Promise<ReadonlyMap<string, { readonly cores: number; readonly ram: number }>> {
    const rows = (await this.#api('SELECT instance_uuid AS uuid, cores, ram FROM quota_holdings')) as Array<{
      uuid: string;
      cores: number;
      ram: number;
    }>;
    return new Map(rows.map(({ uuid, cores, ram }) => [uuid, { cores, ram }]));
  }

  *#journals(): Iterable<{ readonly uuid: string; readonly host: string; readonly power: string }> {
    for (const cell of readdirSync(join(this.stateDir, 'agents'))) {
      const folder = join(this.stateDir, 'agents', cell, 'guests');
      for (const host of readdirSync(folder)) {
        for (const [uuid, power] of lastPowers(readFileSync(join(folder, host), 'utf8'))) yield { uuid, host, power };
      }
    }
  }

  async #api(text: string): Promise<unknown[]> {
    return (await this.api.query(text)).rows;
  }

  async #ofCells(text: string): Promise<Row[]> {
    const all = [...this.cells].map(async ([cell, client]) => (await client.query(text)).rows.map((row) => ({ ...row, cell })));
    return (await Promise.all(all)).flat() as Row[];
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** A journal has a line a change: `<uuid> <power state>`, or `<uuid> -` for one that is gone. */
function lastPowers(journal: string): Map<string, string> {
  const powers = new Map<string, string>();
  for (const line of journal.split('\n')) {
    const [uuid = '', power = ''] = line.split(' ');
    if (power === '-') powers.delete(uuid);
    else if (uuid !== '') powers.set(uuid, power);
  }
  return powers;
}
