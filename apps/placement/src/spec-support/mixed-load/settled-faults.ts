import type { DataSource } from 'typeorm';
import { findContradictions } from '../../store/audit.js';
import type { PlacementCaller } from '../placement-caller.js';
import type { Held } from './ledger.js';
import { holding } from './ledger.js';
import type { LoadClient } from './load-client.js';

type Usage = Record<string, number>;

/** Everything that is wrong once the load has ended; empty when all is well. */
export async function settledFaults(client: LoadClient, calls: readonly PlacementCaller[], db: DataSource): Promise<string[]> {
  const faults = await contradictions(db);
  for (const call of calls) faults.push(...(await unlikeLedger(client, call)), ...(await unlikeSums(client, call)));
  return faults;
}

/** What contradicts itself in the database, all in one snapshot: may be asked while the load goes on. */
export async function contradictions(db: DataSource): Promise<string[]> {
  const found = await findContradictions({ query: (text, values) => db.query(text, [...(values ?? [])]) }, 100);
  return found.map((finding) => JSON.stringify(finding));
}

/** Consumers that hold something else than was acknowledged. */
async function unlikeLedger({ ledger, forest }: LoadClient, call: PlacementCaller): Promise<string[]> {
  const faults: string[] = [];
  for (const consumer of ledger.consumers) {
    const { body } = await call.get(`/allocations/${consumer}`);
    const found = holding(forest, body.allocations as Held);
    const right = ledger.right(consumer);
    if (!right.includes(found)) faults.push(`${consumer} holds "${found}", should be "${right.join('" or "')}"`);
  }
  return faults;
}

/** Providers whose usage is not the sum of their allocations, or is more than there is, as a client sees it. */
async function unlikeSums({ forest }: LoadClient, call: PlacementCaller): Promise<string[]> {
  const faults: string[] = [];
  for (const provider of forest.trees.flatMap(({ root, child }) => [root, child])) {
    const [usages, allocations, inventories] = await Promise.all(
      ['usages', 'allocations', 'inventories'].map((what) => call.get(`/resource_providers/${provider}/${what}`)),
    );
    const sums: Usage = {};
    for (const { resources } of Object.values((allocations?.body.allocations ?? {}) as Held)) {
      for (const [name, amount] of Object.entries(resources)) sums[name] = (sums[name] ?? 0) + amount;
    }
    for (const [name, used] of Object.entries((usages?.body.usages ?? {}) as Usage)) {
      const { total = 0, reserved = 0 } = inventories?.body.inventories[name] ?? {};
      if (used !== (sums[name] ?? 0) || used > total - reserved)
        faults.push(`${provider} ${name}: used ${used}, allocated ${sums[name] ?? 0}, has ${total - reserved}`);
    }
  }
  return faults;
}
