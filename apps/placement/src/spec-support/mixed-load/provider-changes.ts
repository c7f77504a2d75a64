import { randomUUID } from 'node:crypto';
import type { PlacementCaller } from '../placement-caller.js';
import type { LoadClient } from './load-client.js';

/** Changes a tree that others claim from: traits, aggregates, more inventory. The other process must show the new generation. */
export async function changeProvider(client: LoadClient): Promise<void> {
  const { root } = client.forest.any();
  const [writer, reader] = client.pair();
  const before = await client.answered(() => reader.get(`/resource_providers/${root}/inventories`));
  if (before === undefined) return;
  const generation = before.body.resource_provider_generation as number;
  const path = `/resource_providers/${root}`;
  const stamp = { resource_provider_generation: generation };
  const vcpu = before.body.inventories.VCPU as { total: number };
  const changes = [
    () => writer.put(`${path}/traits`, { ...stamp, traits: Math.random() < 0.5 ? ['HW_CPU_X86_AVX2'] : [] }),
    () => writer.put(`${path}/aggregates`, { ...stamp, aggregates: [randomUUID()] }),
    () => writer.put(`${path}/inventories/VCPU`, { ...stamp, ...vcpu, total: Math.min(vcpu.total + 1, 24) }),
  ];
  const changed = await client.answered(changes[Math.floor(Math.random() * changes.length)] as (typeof changes)[0]);
  if (client.judge('change', changed) !== 'done') return;
  await expectGeneration(client, reader, root, changed?.body.resource_provider_generation as number);
}

/** Looks whether a provider's generation, as a process that did not write it knows it, is behind one that was acknowledged. */
export async function expectGeneration(
  client: LoadClient,
  reader: PlacementCaller,
  uuid: string,
  atLeast: number,
): Promise<void> {
  const reply = await client.answered(() => reader.get(`/resource_providers?uuid=${uuid}`));
  const found = reply?.body.resource_providers[0]?.generation as number | undefined;
  if (reply !== undefined && !(found !== undefined && found >= atLeast))
    client.tally.report(`${uuid} has generation ${found}, at least ${atLeast} was acknowledged`);
}

/** The life of a provider that nobody else touches: each step must be seen at once, exactly, by the other process. */
export async function liveAndDie(client: LoadClient): Promise<void> {
  const [writer, reader] = client.pair();
  const life = await client.answered(async () => ({
    status: 200,
    headers: new Headers(),
    body: await live(client, writer, reader),
  }));
  client.tally.count(life === undefined ? 'life unanswered' : 'life');
}

async function live(client: LoadClient, writer: PlacementCaller, reader: PlacementCaller): Promise<void> {
  const expect = async (what: string, found: Promise<unknown>, wanted: unknown): Promise<void> => {
    const got = await found;
    if (got !== wanted) client.tally.report(`a provider's life, ${what}: ${String(got)} instead of ${String(wanted)}`);
  };
  const uuid = await writer.provider({ CUSTOM_LIFE: { total: 3 } });
  const consumer = randomUUID();
  await expect('made', usedOf(reader, uuid), 0);
  await expect('claim', statusOf(writer.claim(consumer, { [uuid]: { CUSTOM_LIFE: 2 } })), 204);
  await expect('claimed', usedOf(reader, uuid), 2);
  await expect('too much', statusOf(reader.claim(randomUUID(), { [uuid]: { CUSTOM_LIFE: 2 } })), 409);
  await expect('in use', statusOf(reader.send('DELETE', `/resource_providers/${uuid}`)), 409);
  await expect('release', statusOf(reader.send('DELETE', `/allocations/${consumer}`)), 204);
  await expect('released', usedOf(writer, uuid), 0);
  await expect('delete', statusOf(writer.send('DELETE', `/resource_providers/${uuid}`)), 204);
  await expect('gone', usedOf(reader, uuid), undefined);
}

const statusOf = async (reply: Promise<{ readonly status: number }>): Promise<number> => (await reply).status;

/** What a search thinks is used of it; undefined when the search does not find it. */
async function usedOf(call: PlacementCaller, uuid: string): Promise<unknown> {
  const { body } = await call.get(`/allocation_candidates?resources=CUSTOM_LIFE:1&in_tree=${uuid}`);
  return body.provider_summaries?.[uuid]?.resources.CUSTOM_LIFE.used;
}
