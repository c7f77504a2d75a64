import { rows, type Sql } from '@kilonova/sql';
import { SharedRun } from '@kilonova/util';
import type { AggregateFacts } from '../model/host-state.js';
import { allAggregates } from './aggregates.query.js';

/**
 * What tells whether aggregates changed. Every insert and update leaves the number of a younger transaction in its row,
 * every delete leaves fewer rows.
 */
const MARKS = `
  SELECT concat_ws('/', pg_postmaster_start_time(), (SELECT count(*) FROM aggregates), (SELECT count(*) FROM aggregate_hosts)) AS counts,
    pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
    EXISTS (SELECT FROM aggregates a WHERE age(a.xmin) <= age($1::xid8::xid))
      OR EXISTS (SELECT FROM aggregate_hosts h WHERE age(h.xmin) <= age($1::xid8::xid)) AS is_written`;

interface Marks {
  readonly counts: string;
  readonly xmin: string;
  readonly is_written: boolean;
}

/** The aggregates of the API database, read anew when one of them changed. */
export class AggregatePicture {
  readonly #refreshes: SharedRun<readonly AggregateFacts[]>;
  #held: { readonly list: readonly AggregateFacts[]; readonly marks: Marks } | undefined;
  #asOf = Number.NEGATIVE_INFINITY;

  /** @param staleMs an older picture is read before it is used, milliseconds */
  constructor(
    private readonly sql: () => Promise<Sql>,
    private readonly staleMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#refreshes = new SharedRun(() => this.#read());
  }

  refresh(): Promise<readonly AggregateFacts[]> {
    return this.#refreshes.next();
  }

  async current(): Promise<readonly AggregateFacts[]> {
    const isStale = this.now() - this.#asOf > this.staleMs;
    return isStale || this.#held === undefined ? this.refresh() : this.#held.list;
  }

  async #read(): Promise<readonly AggregateFacts[]> {
    const sql = await this.sql();
    const [held, asOf] = [this.#held, this.now()];
    const [marks] = (await rows<Marks>(sql, MARKS, [held?.marks.xmin ?? '3'])) as [Marks];
    const isSame = held !== undefined && !marks.is_written && marks.counts === held.marks.counts;
    this.#held = { list: isSame ? held.list : await allAggregates(sql), marks };
    this.#asOf = asOf;
    return this.#held.list;
  }
}
