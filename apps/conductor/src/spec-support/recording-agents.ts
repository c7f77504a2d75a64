import type { StepTicket } from '@kilonova/compute-objects';
import { type BusServer, createBusServer } from '@kilonova/messaging';

export interface ToldMessage {
  readonly host: string | undefined;
  readonly method: string;
  readonly args: StepTicket;
}

/** Agents of a cell that only write down what they are told. */
export class RecordingAgents {
  readonly told: ToldMessage[] = [];
  /** What they answer to who waits for it. */
  answer: (told: ToldMessage) => Promise<unknown> = () => Promise.resolve(undefined);
  readonly #server: BusServer;

  constructor(url: string, cell: string, hosts: readonly string[]) {
    this.#server = createBusServer({ url, cell, topic: 'compute', hosts, prefetch: 8 }, async (method, args, delivery) => {
      const told = { host: delivery.target.host, method, args: args as StepTicket };
      this.told.push(told);
      return this.answer(told);
    });
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
