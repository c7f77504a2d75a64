import { ComputeNodeRepository, ServiceRepository } from '@kilonova/cell-db';
import type { ReportHost as Args, ServiceInfo } from '@kilonova/compute-objects';
import { Config } from '@kilonova/config';
import { transaction } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { conductorSection, sweeperSection } from '../../config.js';

/** A host reports itself: its service row and its nodes, together or not at all. */
@Injectable()
export class ReportHost {
  constructor(
    private readonly sql: DataSource,
    private readonly services: ServiceRepository,
    private readonly nodes: ComputeNodeRepository,
    private readonly config: Config,
  ) {}

  run(args: Args): Promise<ServiceInfo> {
    const { enableNewServices } = this.config.get(conductorSection);
    const { serviceDownTimeSeconds } = this.config.get(sweeperSection);
    return transaction(this.sql, async (sql) => {
      const { service } = await this.services.report(sql, args, enableNewServices);
      if (args.nodes !== undefined) await this.nodes.report(sql, args.host, args.nodes, serviceDownTimeSeconds);
      return service;
    });
  }
}
