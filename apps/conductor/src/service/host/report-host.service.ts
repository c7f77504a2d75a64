import type { ComputeNodeRepository, ServiceRepository } from '@kilonova/cell-db';
import type { ReportHost as Args, ServiceInfo } from '@kilonova/compute-objects';
import { type Sql, transaction } from '@kilonova/sql';

/** A host reports itself: its service row and its nodes, together or not at all. */
export class ReportHost {
  constructor(
    private readonly sql: Sql,
    private readonly services: ServiceRepository,
    private readonly nodes: ComputeNodeRepository,
    /** Whether a host that was never seen comes up enabled. */
    private readonly enableNew: boolean,
  ) {}

  run(args: Args): Promise<ServiceInfo> {
    return transaction(this.sql, async (sql) => {
      const { service } = await this.services.report(sql, args, this.enableNew);
      if (args.nodes !== undefined) await this.nodes.report(sql, args.host, args.nodes);
      return service;
    });
  }
}
