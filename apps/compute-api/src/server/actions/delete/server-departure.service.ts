import { ApiDatabase, BuildRequestRepository, DepartureRepository, type GivenUp, QuotaLedgerRepository } from '@kilonova/api-db';
import { Injectable } from '@nestjs/common';

/** `changed`: the server is not as it was found, and is to be looked at again. */
export type DeleteOutcome = 'done' | 'changed';

/** The end of a server in the API database: its request or mapping, its quota, its place in a server group. Safe to repeat. */
@Injectable()
export class ServerDeparture {
  constructor(
    private readonly database: ApiDatabase,
    private readonly departures: DepartureRepository,
    private readonly ledger: QuotaLedgerRepository,
    private readonly requests: BuildRequestRepository,
  ) {}

  /** Before any cell has it. Undefined: a cell got it meanwhile. */
  async giveUp(uuid: string): Promise<GivenUp | undefined> {
    return this.database.transaction(async (sql) => {
      const gone = await this.requests.giveUp(sql, uuid);
      if (gone !== undefined) await this.ledger.release(sql, [uuid]);
      return gone;
    });
  }

  /** Once its cell has accepted to end it. */
  async settle(uuid: string): Promise<void> {
    await this.database.transaction((sql) => this.departures.settle(sql, [uuid]));
  }
}
