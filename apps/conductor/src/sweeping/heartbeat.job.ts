import { type ServiceReport, ServiceRepository } from '@kilonova/cell-db';
import { Config } from '@kilonova/config';
import { Injectable } from '@nestjs/common';
import { conductorSection } from '../config.js';
import { OwnDatabase } from './own-database.js';
import type { Job } from './sweeper.js';

/** Keeps a service's own row alive; the first beat makes the row. */
@Injectable()
export class ServiceHeartbeat implements Job {
  readonly name = 'heartbeat of nova-conductor';
  readonly exclusive = false;
  readonly intervalMs: number;
  readonly #service: ServiceReport;

  constructor(
    private readonly database: OwnDatabase,
    private readonly services: ServiceRepository,
    config: Config,
  ) {
    const { host, reportIntervalSeconds } = config.get(conductorSection);
    this.intervalMs = reportIntervalSeconds * 1000;
    this.#service = { host, binary: 'nova-conductor', topic: 'conductor', version: 1 };
  }

  async run(): Promise<number> {
    const sql = await this.database.sql();
    const [row] = await this.services.heartbeat(sql, this.#service.binary, [this.#service.host]);
    if (row === undefined) await this.services.report(sql, this.#service);
    return 0;
  }
}
