import { randomUUID } from 'node:crypto';
import { placementCheck } from './answer-check.js';
import type { PlacementCaller } from './placement-caller.js';

type Send = (method: string, path: string, body?: unknown) => Promise<void>;

/**
 * Asks for everything that the API can do, in an order in which it succeeds, as a client of one microversion. What that version
 * does not have yet is refused, which does no harm.
 * @returns the successes that were answered, as the document names them
 */
export async function apiTour(call: PlacementCaller, minor: number): Promise<ReadonlySet<string>> {
  const version = `1.${minor}`;
  const seen = new Set<string>();
  const send: Send = async (method, path, body) => {
    const success = placementCheck.check(method, path, await call.send(method, path, { body, version }));
    if (success !== undefined) seen.add(success);
  };
  const uuid = randomUUID();
  const provider = `/resource_providers/${uuid}`;
  const generation = async (): Promise<number> => (await call.get(provider)).body.generation;

  await send('GET', '/');
  await classes(send, minor);
  await send('POST', '/resource_providers', { name: uuid, uuid });
  await send('GET', '/resource_providers');
  await send('GET', provider);
  await send('PUT', provider, { name: `${uuid} again` });
  await inventories(send, provider, generation);
  await traits(send, provider, minor, generation);
  await aggregates(send, provider, minor, generation);
  await allocations(send, uuid, minor);
  await send('POST', '/reshaper', {
    inventories: { [uuid]: { resource_provider_generation: await generation(), inventories: { VCPU: { total: 9 } } } },
    allocations: {},
  });
  await send('DELETE', `${provider}/inventories/VCPU`);
  await send('DELETE', `${provider}/inventories`);
  await send('DELETE', provider);
  return seen;
}

/** Below 1.7 a PUT renames; from then on it makes the class, or finds it. */
async function classes(send: Send, minor: number): Promise<void> {
  const [first, second] = [`CUSTOM_FIRST_${minor}`, `CUSTOM_SECOND_${minor}`];
  await send('POST', '/resource_classes', { name: first });
  if (minor < 7) await send('PUT', `/resource_classes/${first}`, { name: second });
  else for (let again = 0; again < 2; again += 1) await send('PUT', `/resource_classes/${second}`);
  await send('GET', '/resource_classes');
  await send('GET', `/resource_classes/${second}`);
  await send('DELETE', `/resource_classes/${second}`);
}

async function inventories(send: Send, provider: string, generation: () => Promise<number>): Promise<void> {
  const own = `${provider}/inventories`;
  await send('GET', own);
  await send('POST', own, { resource_class: 'VCPU', total: 8 });
  const all = { VCPU: { total: 8 }, MEMORY_MB: { total: 1024, allocation_ratio: 1.5 } };
  await send('PUT', own, { resource_provider_generation: await generation(), inventories: all });
  await send('PUT', `${own}/VCPU`, { resource_provider_generation: await generation(), total: 8, reserved: 1 });
  await send('GET', own);
  await send('GET', `${own}/VCPU`);
}

async function traits(send: Send, provider: string, minor: number, generation: () => Promise<number>): Promise<void> {
  const trait = `/traits/CUSTOM_TOUR_${minor}`;
  for (let again = 0; again < 2; again += 1) await send('PUT', trait);
  await send('GET', trait);
  await send('GET', '/traits');
  await send('DELETE', trait);
  const body = { resource_provider_generation: await generation(), traits: ['HW_CPU_X86_AVX2', 'COMPUTE_NODE'] };
  await send('PUT', `${provider}/traits`, body);
  await send('GET', `${provider}/traits`);
  await send('GET', '/allocation_candidates?resources=VCPU:1');
  await send('GET', '/kilonova/capacity?resources=VCPU:1');
  await send('DELETE', `${provider}/traits`);
}

async function aggregates(send: Send, provider: string, minor: number, generation: () => Promise<number>): Promise<void> {
  const uuids = [randomUUID()];
  const body = minor < 19 ? uuids : { aggregates: uuids, resource_provider_generation: await generation() };
  await send('PUT', `${provider}/aggregates`, body);
  await send('GET', `${provider}/aggregates`);
}

async function allocations(send: Send, provider: string, minor: number): Promise<void> {
  const [one, other] = [`/allocations/${randomUUID()}`, randomUUID()];
  const claim = claimAt(minor, provider);
  await send('GET', one);
  await send('PUT', one, claim);
  await send('POST', '/allocations', { [other]: claim });
  await send('GET', one);
  await send('GET', `/resource_providers/${provider}/allocations`);
  await send('GET', `/resource_providers/${provider}/usages`);
  await send('GET', '/usages?project_id=project');
  await send('DELETE', one);
  await send('DELETE', `/allocations/${other}`);
}

/** A claim as clients of a microversion write it. */
const claimAt = (minor: number, uuid: string): Readonly<Record<string, unknown>> => ({
  allocations:
    minor < 12 ? [{ resource_provider: { uuid }, resources: { VCPU: 2 } }] : { [uuid]: { resources: { VCPU: 2, MEMORY_MB: 3 } } },
  ...(minor >= 8 && { project_id: 'project', user_id: 'user' }),
  ...(minor >= 28 && { consumer_generation: null }),
  ...(minor >= 38 && { consumer_type: 'INSTANCE' }),
});
