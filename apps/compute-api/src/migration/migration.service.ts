import { type MigrationFilter, MigrationRepository, type MigrationRow } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';

const newestFirst = (a: MigrationRow, b: MigrationRow): number =>
  b.created_at.getTime() - a.created_at.getTime() || (a.uuid < b.uuid ? 1 : -1);

/** Moves of servers over all cells; those of a cell that does not answer are left out. */
@Injectable()
export class MigrationService {
  constructor(
    private readonly cells: CellRegistry,
    private readonly migrations: MigrationRepository,
  ) {}

  async list(filter: MigrationFilter, limit: number): Promise<MigrationRow[]> {
    const answers = await this.cells.scatter((sql) => this.migrations.list(sql, filter, limit));
    const found = answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : []));
    return found.sort(newestFirst).slice(0, limit);
  }

  async find(uuid: string): Promise<MigrationRow | undefined> {
    const answers = await this.cells.scatter((sql) => this.migrations.find(sql, uuid));
    return answers.flatMap((answer) => (answer.outcome === 'value' && answer.value !== undefined ? [answer.value] : []))[0];
  }
}
