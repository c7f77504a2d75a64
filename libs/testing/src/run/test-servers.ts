import { randomBytes } from 'node:crypto';
import { ManagementApi } from '@kilonova/local-servers';
import { createDatabase, dropDatabase, loadMigrations, migrate, migrationsChecksum, withDatabase } from '@kilonova/sql';
import type { PostgresForTests, RabbitmqForTests, ServerSource } from '../servers/server.js';

const MISSING = (what: string, install: string, variable: string): string =>
  `no ${what} for integration tests: install ${install}, or start a container engine, or set ${variable} (docs/testing.md)`;

async function first<T>(
  sources: readonly ServerSource[],
  pick: (source: ServerSource) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const source of sources) {
    const found = await pick(source);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The servers of one run: each is started by the first request for it, and a schema is migrated once, then cloned. */
export class TestServers {
  readonly #id = randomBytes(4).toString('hex');
  readonly #templates = new Map<string, Promise<string>>();
  readonly #databases = new Set<string>();
  readonly #vhosts = new Set<string>();
  #postgres: Promise<PostgresForTests> | undefined;
  #rabbitmq: Promise<RabbitmqForTests> | undefined;
  #count = 0;

  constructor(private readonly sources: readonly ServerSource[]) {}

  /** A new database with the schema of a migrations folder, or empty; returns its URL. */
  async addDatabase(migrationsDir?: string): Promise<string> {
    const { url } = await this.#startedPostgres();
    const template = migrationsDir === undefined ? undefined : await this.#template(url, migrationsDir);
    const database = withDatabase(url, `kilonova_test_${this.#id}_${++this.#count}`);
    await createDatabase(database, template);
    this.#databases.add(database);
    return database;
  }

  async dropDatabase(url: string): Promise<void> {
    await dropDatabase(url);
    this.#databases.delete(url);
  }

  /** A new virtual host; returns its URL. */
  async addVhost(): Promise<{ url: string; managementUrl: string }> {
    const { url, managementUrl } = await this.#startedRabbitmq();
    const name = `kilonova-test-${this.#id}-${++this.#count}`;
    await new ManagementApi(managementUrl).addVhost(name);
    this.#vhosts.add(name);
    const vhostUrl = new URL(url);
    vhostUrl.pathname = `/${name}`;
    return { url: vhostUrl.href, managementUrl };
  }

  async dropVhost(url: string): Promise<void> {
    const name = decodeURIComponent(new URL(url).pathname.slice(1));
    await new ManagementApi((await this.#startedRabbitmq()).managementUrl).deleteVhost(name);
    this.#vhosts.delete(name);
  }

  /** Removes everything made, so that servers that somebody else runs are left as they were, and stops the others. */
  async close(): Promise<void> {
    await Promise.all([this.#closePostgres(), this.#closeRabbitmq()]);
  }

  #startedPostgres(): Promise<PostgresForTests> {
    this.#postgres ??= first(this.sources, (source) => source.postgres()).then((found) => {
      if (found === undefined) throw new Error(MISSING('PostgreSQL', 'the package postgresql', 'KILONOVA_TEST_POSTGRES_URL'));
      return found;
    });
    return this.#postgres;
  }

  #startedRabbitmq(): Promise<RabbitmqForTests> {
    this.#rabbitmq ??= first(this.sources, (source) => source.rabbitmq()).then((found) => {
      if (found === undefined) throw new Error(MISSING('RabbitMQ', 'the package rabbitmq-server', 'KILONOVA_TEST_AMQP_URL'));
      return found;
    });
    return this.#rabbitmq;
  }

  async #template(serverUrl: string, migrationsDir: string): Promise<string> {
    const checksum = migrationsChecksum(await loadMigrations(migrationsDir)).slice(0, 12);
    const name = `kilonova_template_${this.#id}_${checksum}`;
    const made = this.#templates.get(name) ?? this.#makeTemplate(withDatabase(serverUrl, name), migrationsDir).then(() => name);
    this.#templates.set(name, made);
    return made;
  }

  async #makeTemplate(url: string, migrationsDir: string): Promise<void> {
    await createDatabase(url);
    this.#databases.add(url);
    await migrate(url, migrationsDir);
  }

  async #closePostgres(): Promise<void> {
    const server = await this.#postgres?.catch(() => undefined);
    if (server === undefined) return;
    for (const url of this.#databases) await dropDatabase(url);
    await server.stop();
  }

  async #closeRabbitmq(): Promise<void> {
    const server = await this.#rabbitmq?.catch(() => undefined);
    if (server === undefined) return;
    const management = new ManagementApi(server.managementUrl);
    for (const name of this.#vhosts) await management.deleteVhost(name);
    await server.stop();
  }
}
