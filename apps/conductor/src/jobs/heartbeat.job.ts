import type { ServiceReport, ServiceRepository } from '@kilonova/cell-db';
import type { Sql } from '@kilonova/sql';
import type { Job } from './sweeper.js';

/** Keeps a service's own row alive; the first beat makes the row. */
export class ServiceHeartbeat implements Job {
  readonly exclusive = false;

  constructor(
    private readonly sql: () => Promise<Sql>,
    private readonly services: ServiceRepository,
    private readonly service: ServiceReport,
    readonly intervalMs: number,
  ) {}

  get name(): string {
    return `heartbeat of ${this.service.binary}`;
  }

  async run(): Promise<number> {
    const sql = await this.sql();
    const [row] = await this.services.heartbeat(sql, this.service.binary, [this.service.host]);
    if (row === undefined) await this.services.report(sql, this.service);
    return 0;
  }
}
