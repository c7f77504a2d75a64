import type { PlacementCaller } from '../placement-caller.js';
import type { Held } from './ledger.js';
import type { LoadClient } from './load-client.js';
import { expectGeneration } from './provider-changes.js';

type Inventories = Readonly<Record<string, object>>;

interface Holder {
  readonly allocations: Held;
}

type Plan = Awaited<ReturnType<typeof planned>>;

/**
 * Moves VGPU with all that is allocated of it from one provider of a tree to the other. Often somebody is quicker: 409. What
 * the consumers hold is looked at by their tenants, who alone know when it is not just being changed.
 */
export async function reshapeTree(client: LoadClient): Promise<void> {
  const { root, child } = client.forest.any();
  const [writer, reader] = client.pair();
  const plan = await client.answered(async () => {
    const body = await planned(reader, root, child);
    return { status: 200, headers: new Headers(), body };
  });
  if (plan === undefined) return;
  const ending = await client.write('reshape', () => writer.post('/reshaper', plan.body));
  if (ending !== 'done') return;
  for (const [provider, { resource_provider_generation: before }] of Object.entries((plan.body as Plan).inventories)) {
    await expectGeneration(client, reader, provider, before + 1);
  }
}

async function planned(call: PlacementCaller, root: string, child: string) {
  const [ofRoot, ofChild] = await Promise.all([inventoriesOf(call, root), inventoriesOf(call, child)]);
  const there = { [root]: ofRoot, [child]: ofChild };
  const from = there[root]?.inventories['VGPU'] === undefined ? child : root;
  const to = from === root ? child : root;
  const { VGPU, ...rest } = there[from]?.inventories ?? {};
  const listed = {
    [from]: { resource_provider_generation: there[from]?.generation ?? 0, inventories: rest },
    [to]: {
      resource_provider_generation: there[to]?.generation ?? 0,
      inventories: { ...there[to]?.inventories, VGPU },
    },
  };
  return { inventories: listed, allocations: await movedAllocations(call, from, to) };
}

async function inventoriesOf(call: PlacementCaller, provider: string) {
  const { body } = await call.get(`/resource_providers/${provider}/inventories`);
  return { generation: body.resource_provider_generation as number, inventories: body.inventories as Inventories };
}

/** Bodies of all consumers that hold VGPU of a provider, with it held of another one. */
async function movedAllocations(call: PlacementCaller, from: string, to: string) {
  const { body } = await call.get(`/resource_providers/${from}/allocations`);
  const holders = Object.entries(body.allocations as Record<string, { resources: Record<string, number> }>)
    .filter(([, { resources }]) => resources['VGPU'] !== undefined)
    .map(([consumer]) => consumer);
  const replies = await Promise.all(holders.map((consumer) => call.get(`/allocations/${consumer}`)));
  const bodies: Record<string, Holder> = {};
  for (const [at, { body: held }] of replies.entries()) {
    const isThere = Object.keys(held.allocations as Held).length > 0;
    if (isThere) bodies[holders[at] as string] = { ...held, allocations: moved(held.allocations as Held, from, to) };
  }
  return bodies;
}

function moved(held: Held, from: string, to: string): Held {
  const { VGPU, ...rest } = held[from]?.resources ?? {};
  const left = Object.fromEntries(Object.entries(held).filter(([provider]) => provider !== from && provider !== to));
  return {
    ...left,
    ...(Object.keys(rest).length > 0 && { [from]: { resources: rest } }),
    ...(VGPU !== undefined && { [to]: { resources: { ...held[to]?.resources, VGPU } } }),
  };
}
