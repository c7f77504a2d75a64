import { TurnRepository } from '@kilonova/cell-db';
import { OutboxRelay } from '@kilonova/messaging';
import { transaction } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export abstract class AdmitOptions {
  /** Live migrations from one host at once; 0: as many as are asked for. */
  abstract readonly liveMigrationsAHost: number;
}

/** Lets moves go on whose turn has come. The queue is in the database: it outlives conductors and agents. */
@Injectable()
export class AdmitMoves {
  constructor(
    private readonly sql: DataSource,
    private readonly turns: TurnRepository,
    private readonly relay: OutboxRelay,
    private readonly options: AdmitOptions,
  ) {}

  /** Returns how many go on. */
  async run(): Promise<number> {
    if (!(await this.turns.anyWaiting(this.sql))) return 0;
    const admitted = await transaction(this.sql, (sql) => this.turns.admit(sql, this.options.liveMigrationsAHost));
    if (admitted > 0) this.relay.wake();
    return admitted;
  }
}
