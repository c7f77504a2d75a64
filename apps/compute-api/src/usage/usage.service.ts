import { CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';
import { type TenantUsage, tenantUsages } from './model/tenant-usage.js';
import { ServerUsageRepository, type UsagePage } from './server-usage.repository.js';

export interface UsageListing {
  readonly usages: readonly TenantUsage[];
  /** The last server counted, when there may be more. */
  readonly next: string | undefined;
}

/** How long servers were there, over all cells; those of a cell that does not answer are left out. */
@Injectable()
export class UsageService {
  constructor(
    private readonly cells: CellRegistry,
    private readonly servers: ServerUsageRepository,
  ) {}

  async usages(page: UsagePage): Promise<UsageListing> {
    const answers = await this.cells.scatter((sql) => this.servers.page(sql, page));
    const found = answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : []));
    const servers = found.sort((a, b) => (a.uuid < b.uuid ? -1 : 1)).slice(0, page.limit);
    const isFull = servers.length > 0 && servers.length === page.limit;
    return { usages: tenantUsages(servers, page.period, new Date()), next: isFull ? servers.at(-1)?.uuid : undefined };
  }
}
