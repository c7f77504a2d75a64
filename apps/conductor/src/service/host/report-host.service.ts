import type { ComputeNodeRepository, ServiceRepository } from '@kilonova/cell-db';
import type { ReportHost as Args, ServiceInfo } from '@kilonova/compute-objects';
import { type Sql, transaction } from '@kilonova/sql';

/** A host reports itself: its service row and its nodes, together or not at all. */
export class ReportHost {
  constructor(
    private readonly sql: Sql,
    private readonly services: ServiceRepository,
    private readonly nodes: ComputeNodeRepository,
    private readonly rules: {
      /** Whether a host that was never seen comes up enabled. */
      readonly enableNew: boolean;
      /** The silence after which a service counts as down. */
      readonly serviceDownSeconds: number;
    },
  ) {}

  run(args: Args): Promise<ServiceInfo> {
    return transaction(this.sql, async (sql) => {
      const { service } = await this.services.report(sql, args, this.rules.enableNew);
      if (args.nodes !== undefined) await this.nodes.report(sql, args.host, args.nodes, this.rules.serviceDownSeconds);
      return service;
    });
  }
}
