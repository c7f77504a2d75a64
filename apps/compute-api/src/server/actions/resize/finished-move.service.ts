import { MigrationRepository, type MigrationRow, ServiceRepository } from '@kilonova/cell-db';
import { conflict, invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../../../common/settings.js';
import type { ServerInCell } from '../../core/server-locator.service.js';

/** The move of a server that waits to be confirmed or taken back. */
@Injectable()
export class FinishedMove {
  readonly #services = new ServiceRepository();

  constructor(
    private readonly migrations: MigrationRepository,
    private readonly settings: ComputeSettings,
  ) {}

  /** @throws AppError 400 where none waits */
  async require({ cell, instance }: ServerInCell): Promise<MigrationRow> {
    const found = await cell.run((sql) => this.migrations.inStatus(sql, instance.uuid, 'finished'));
    if (found === undefined) throw invalid('compute.server.not_resized', 'Instance has not been resized.');
    return found;
  }

  /** @throws AppError 400 where none waits, 409 where the source, which has to do it, is down */
  async requireSourceUp(found: ServerInCell): Promise<void> {
    const { source_compute: host } = await this.require(found);
    const up = await found.cell.run((sql) => this.#services.isUp(sql, host ?? '', this.settings.serviceDownMs));
    if (!up) throw conflict('compute.server.host_down', 'Service is unavailable at this time.');
  }
}
