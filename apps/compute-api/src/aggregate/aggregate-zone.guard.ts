import { type Aggregate, AggregateRepository } from '@kilonova/api-db';
import { CellRegistry } from '@kilonova/cells';
import type { Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';
import { HostContentRepository } from '../host-directory/host-content.repository.js';
import { conflictingZones, movedHosts, replaced, ZONE_KEY } from './model/zone-rules.js';

/** Keeps every host in one zone, and servers that asked for a zone in it; those that did not may change zones with their host. */
@Injectable()
export class AggregateZoneGuard {
  constructor(
    private readonly aggregates: AggregateRepository,
    private readonly cells: CellRegistry,
    private readonly content: HostContentRepository,
  ) {}

  /**
   * Why an aggregate must not become what it is to be; undefined when it may. A cell that does not answer may hold
   * servers, so it counts as if it did.
   */
  async objection(sql: Sql, changed: Aggregate): Promise<string | undefined> {
    const before = await this.aggregates.list(sql);
    const present = before.find((aggregate) => aggregate.id === changed.id);
    const zone = changed.metadata[ZONE_KEY];
    const conflicting = zone === undefined ? [] : conflictingZones(zone, changed.hosts, changed.id, before);
    if (conflicting.length > 0) return `One or more hosts already in availability zone(s) ${conflicting.join(', ')}`;
    const touched = [...new Set([...changed.hosts, ...(present?.hosts ?? [])])];
    const moved = movedHosts(touched, before, replaced(before, changed));
    return moved.length > 0 && (await this.#hasPinned(sql, moved))
      ? 'One or more hosts contain instances in this zone'
      : undefined;
  }

  async #hasPinned(api: Sql, hosts: readonly string[]): Promise<boolean> {
    const answers = await this.cells.scatter((sql) => this.content.serversOn(sql, hosts));
    if (answers.some((answer) => answer.outcome !== 'value')) return true;
    return this.content.anyPinned(
      api,
      answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : [])),
    );
  }
}
