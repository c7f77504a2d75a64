import { randomUUID } from 'node:crypto';
import { claimBody } from '../placement-caller.js';
import type { Held } from './ledger.js';
import type { LoadClient } from './load-client.js';

const WANTS = ['VCPU:1,MEMORY_MB:64', 'VCPU:2,MEMORY_MB:256', 'VCPU:1,MEMORY_MB:64,VGPU:1', 'SRIOV_NET_VF:1'];

/** One who makes servers, moves and deletes them; nobody else writes its consumers, but reshapes may touch them. */
export class Tenant {
  #servers: string[] = [];

  constructor(private readonly client: LoadClient) {}

  /** The next thing to do. */
  async step(): Promise<void> {
    const dice = Math.random();
    const server = this.#servers[Math.floor(Math.random() * this.#servers.length)];
    if (server === undefined || (dice < 0.45 && this.#servers.length < 5)) await this.#boot();
    else if (dice < 0.75) await this.#move(server);
    else await this.#remove(server);
  }

  async #boot(): Promise<void> {
    const server = randomUUID();
    const [writer, reader] = this.client.pair();
    const held = await this.#candidate();
    if (held === undefined) return;
    const ending = await this.client.write('claim', () => writer.put(`/allocations/${server}`, bodyOf(held, null)));
    this.client.note(ending, new Map([[server, held]]));
    if (ending === 'done') this.#servers.push(server);
    await this.client.look(reader, [server]);
  }

  /** As Nova moves: what was held goes to the migration, the server gets its new place, in one request. */
  async #move(server: string): Promise<void> {
    const [writer, reader] = this.client.pair();
    const before = await this.client.answered(() => reader.get(`/allocations/${server}`));
    const target = await this.#candidate();
    if (before === undefined || target === undefined) return;
    const old = before.body.allocations as Held;
    const migration = randomUUID();
    const body = { [migration]: bodyOf(old, null), [server]: bodyOf(target, before.body.consumer_generation as number) };
    const ending = await this.client.write('move', () => writer.post('/allocations', body));
    this.client.note(
      ending,
      new Map([
        [migration, old],
        [server, target],
      ]),
    );
    if (ending === 'unanswered') this.#forget(server);
    await this.client.look(reader, [server, migration]);
    if (ending === 'done') await this.#delete('confirm', migration);
  }

  async #remove(server: string): Promise<void> {
    this.#forget(server);
    await this.#delete('delete', server);
  }

  async #delete(name: string, consumer: string): Promise<void> {
    const [writer, reader] = this.client.pair();
    const ending = await this.client.write(name, () => writer.send('DELETE', `/allocations/${consumer}`));
    this.client.note(ending, new Map([[consumer, {}]]));
    await this.client.look(reader, [consumer]);
  }

  async #candidate(): Promise<Held | undefined> {
    const [call] = this.client.pair();
    const resources = WANTS[Math.floor(Math.random() * WANTS.length)];
    const query = `resources=${resources}&in_tree=${this.client.forest.any().root}`;
    const reply = await this.client.answered(() => call.get(`/allocation_candidates?${query}`));
    const found = reply?.body.allocation_requests as { allocations: Held }[] | undefined;
    if (found?.length === 0) this.client.tally.count('no candidate');
    return found?.[Math.floor(Math.random() * found.length)]?.allocations;
  }

  #forget(server: string): void {
    this.#servers = this.#servers.filter((other) => other !== server);
  }
}

function bodyOf(held: Held, generation: number | null) {
  const resources = Object.entries(held).map(([provider, each]) => [provider, each.resources] as const);
  return claimBody(Object.fromEntries(resources), generation);
}
