import type { HandedCast, OutboxRelay } from '@kilonova/messaging';

/** The way of stored messages of the API database to the broker. */
export class ApiOutbox {
  constructor(private readonly relay: OutboxRelay) {}

  /** To be called after the commit of a transaction that stored a message. */
  wake(): void {
    this.relay.wake();
  }

  /** Sends a message that was stored under a lease, at once; nobody has to wait for it. */
  send(cast: HandedCast): void {
    void this.relay.send([cast]);
  }
}
