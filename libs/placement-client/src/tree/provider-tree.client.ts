import { AppError, BoundedCache, backoffMs, type Ctx, pause } from '@kilonova/util';
import { CLAIM_VERSION } from '../allocations.client.js';
import type { Reshape, WantedTree } from '../placement-client.js';
import { faultOf, isConcurrentUpdate, type PlacementHttp, unexpected } from '../placement-http.js';
import { type Inventory, type TreeChange, type TreeProvider, treeChanges } from './provider-tree.js';

/** Further tries when somebody else wrote to the tree meanwhile. */
const CONFLICT_RETRIES = 4;
/** Providers that are remembered as they were read, and for how long. */
const KNOWN_PROVIDERS = 10_000;
const KNOWN_MS = 600_000;
const CONFLICT_PAUSE = { baseMs: 20, capMs: 500 };

interface ProviderBody {
  readonly uuid: string;
  readonly name: string;
  readonly generation: number;
  readonly parent_provider_uuid: string | null;
}

interface ProviderAggregates {
  readonly aggregates: readonly string[];
  readonly resource_provider_generation: number;
}

const aggregatesPath = (uuid: string): string => `/resource_providers/${uuid}/aggregates`;

/** A write met another generation than it was made for. */
class GenerationConflict extends Error {}

/** Reads and writes the provider tree of a compute node. */
export class ProviderTreeClient {
  /** Providers as they were read: while the generation is the same, so are inventories and traits. */
  readonly #read = new BoundedCache<string, TreeProvider>(KNOWN_PROVIDERS, KNOWN_MS);

  constructor(private readonly http: PlacementHttp) {}

  /**
   * Brings a tree to what `wanted` makes of its present state; repeated from the reading on when somebody else wrote to
   * it meanwhile.
   * @throws AppError `placement.provider.name_taken` when the name belongs to a provider of another uuid.
   */
  async sync(ctx: Ctx, root: string, wanted: WantedTree): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#syncOnce(ctx, root, wanted);
      } catch (error) {
        if (!(error instanceof GenerationConflict)) throw error;
        if (attempt > CONFLICT_RETRIES) {
          throw new AppError({
            kind: 'conflict',
            code: 'placement.tree.conflict',
            message: `The provider tree of ${root} keeps changing under our writes.`,
          });
        }
        await pause(backoffMs(CONFLICT_PAUSE, attempt));
      }
    }
  }

  /** The whole tree that a provider belongs to; empty when placement does not know it. */
  async read(ctx: Ctx, member: string): Promise<readonly TreeProvider[]> {
    return Promise.all((await this.#list(ctx, member)).map((provider) => this.#provider(ctx, provider)));
  }

  /** Uuids of the whole tree that a provider belongs to. */
  async members(ctx: Ctx, member: string): Promise<readonly string[]> {
    return (await this.#list(ctx, member)).map(({ uuid }) => uuid);
  }

  /** Removes a provider; one that is not there is fine. @returns false when it still has allocations or children. */
  async remove(ctx: Ctx, uuid: string): Promise<boolean> {
    this.#read.delete(uuid);
    const reply = await this.http.send(ctx, '1.23', { method: 'DELETE', path: `/resource_providers/${uuid}`, idempotent: true });
    if (reply.status === 409) return false;
    if (reply.status !== 204 && reply.status !== 404) throw unexpected(reply, 'to delete a provider');
    return true;
  }

  async reshape(ctx: Ctx, { inventories, allocations }: Reshape): Promise<'reshaped' | 'concurrent-update'> {
    for (const provider of Object.values(inventories)) await this.#ensureClasses(ctx, provider.inventories);
    const body = {
      inventories: Object.fromEntries(
        Object.entries(inventories).map(([uuid, { generation, inventories: all }]) => [
          uuid,
          { resource_provider_generation: generation, inventories: all },
        ]),
      ),
      allocations: Object.fromEntries(
        Object.entries(allocations).map(([consumer, { allocations: held, projectId, userId, generation }]) => [
          consumer,
          { allocations: held, project_id: projectId, user_id: userId, consumer_generation: generation },
        ]),
      ),
    };
    const reply = await this.http.send(ctx, CLAIM_VERSION, { method: 'POST', path: '/reshaper', body });
    if (reply.status === 204) return 'reshaped';
    if (isConcurrentUpdate(reply)) return 'concurrent-update';
    throw unexpected(reply, 'to reshape a tree');
  }

  /** None for a provider that placement does not know. */
  async aggregatesOf(ctx: Ctx, uuid: string): Promise<readonly string[]> {
    return (await this.#aggregates(ctx, uuid))?.aggregates ?? [];
  }

  /** Puts or takes a provider in or out of one aggregate. @returns false when placement does not know the provider. */
  async setAggregate(ctx: Ctx, uuid: string, aggregate: string, member: boolean): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const present = await this.#aggregates(ctx, uuid);
      if (present === undefined) return false;
      const rest = present.aggregates.filter((other) => other !== aggregate);
      if (present.aggregates.length === rest.length + (member ? 1 : 0)) return true;
      const body = {
        aggregates: member ? [...rest, aggregate] : rest,
        resource_provider_generation: present.resource_provider_generation,
      };
      const put = await this.http.send(ctx, '1.19', { method: 'PUT', path: aggregatesPath(uuid), body });
      if (put.status === 200) return true;
      if (put.status !== 409 || attempt > CONFLICT_RETRIES) throw unexpected(put, 'aggregates');
      await pause(backoffMs(CONFLICT_PAUSE, attempt));
    }
  }

  async #aggregates(ctx: Ctx, uuid: string): Promise<ProviderAggregates | undefined> {
    const reply = await this.http.send<ProviderAggregates>(ctx, '1.19', { method: 'GET', path: aggregatesPath(uuid) });
    if (reply.status === 404) return undefined;
    if (reply.status !== 200) throw unexpected(reply, 'to show aggregates');
    return reply.body;
  }

  async #syncOnce(ctx: Ctx, root: string, wanted: WantedTree): Promise<void> {
    const present = await this.read(ctx, root);
    const generations = new Map(present.map((provider) => [provider.uuid, provider.generation ?? 0]));
    for (const change of treeChanges(present, await wanted(present))) await this.#apply(ctx, change, generations);
  }

  async #apply(ctx: Ctx, change: TreeChange, generations: Map<string, number>): Promise<void> {
    switch (change.kind) {
      case 'create':
        return void generations.set(change.provider.uuid, await this.#create(ctx, change.provider));
      case 'delete':
        return void (await this.remove(ctx, change.uuid));
      case 'inventories': {
        await this.#ensureClasses(ctx, change.inventories);
        const body = { inventories: change.inventories, resource_provider_generation: generations.get(change.uuid) ?? 0 };
        return void generations.set(
          change.uuid,
          await this.#put(ctx, '1.26', `/resource_providers/${change.uuid}/inventories`, body),
        );
      }
      case 'traits': {
        await this.#ensureTraits(ctx, change.traits);
        const body = { traits: [...change.traits].sort(), resource_provider_generation: generations.get(change.uuid) ?? 0 };
        return void generations.set(change.uuid, await this.#put(ctx, '1.26', `/resource_providers/${change.uuid}/traits`, body));
      }
    }
  }

  /** One that is made again counts its generations from the beginning. */
  async #create(ctx: Ctx, provider: TreeProvider): Promise<number> {
    this.#read.delete(provider.uuid);
    const body = { name: provider.name, uuid: provider.uuid, parent_provider_uuid: provider.parent };
    const reply = await this.http.send<ProviderBody>(ctx, '1.23', { method: 'POST', path: '/resource_providers', body });
    if (reply.status === 200) return reply.body.generation;
    const fault = faultOf(reply);
    if (fault.code !== 'placement.duplicate_name') throw unexpected(reply, `provider ${provider.name}`);
    if ((await this.read(ctx, provider.uuid)).length > 0) throw new GenerationConflict();
    const message = `Provider name ${provider.name} belongs to another provider than ${provider.uuid}; it is not taken over.`;
    throw new AppError({ kind: 'conflict', code: 'placement.provider.name_taken', message });
  }

  /** @returns the new generation. */
  async #put(ctx: Ctx, version: string, path: string, body: unknown): Promise<number> {
    const reply = await this.http.send<{ resource_provider_generation: number }>(ctx, version, { method: 'PUT', path, body });
    if (reply.status === 200) return reply.body.resource_provider_generation;
    if (isConcurrentUpdate(reply)) throw new GenerationConflict();
    throw unexpected(reply, path);
  }

  /** Traits and classes of our own making have to exist before a provider can have them. */
  #ensureTraits(ctx: Ctx, traits: ReadonlySet<string>): Promise<void> {
    return this.#ensure(ctx, 'traits', '1.6', traits);
  }

  #ensureClasses(ctx: Ctx, inventories: TreeProvider['inventories']): Promise<void> {
    return this.#ensure(ctx, 'resource_classes', '1.7', Object.keys(inventories));
  }

  async #ensure(ctx: Ctx, kind: string, version: string, names: Iterable<string>): Promise<void> {
    for (const name of names) {
      if (!name.startsWith('CUSTOM_')) continue;
      const reply = await this.http.send(ctx, version, { method: 'PUT', path: `/${kind}/${name}`, idempotent: true });
      if (reply.status !== 201 && reply.status !== 204) throw unexpected(reply, `${kind} ${name}`);
    }
  }

  async #list(ctx: Ctx, member: string): Promise<readonly ProviderBody[]> {
    const path = `/resource_providers?in_tree=${member}`;
    return (await this.#get<{ resource_providers: ProviderBody[] }>(ctx, '1.14', path)).resource_providers;
  }

  async #provider(ctx: Ctx, provider: ProviderBody): Promise<TreeProvider> {
    const known = this.#read.get(provider.uuid);
    const { uuid, name, parent_provider_uuid: parent, generation } = provider;
    if (known?.generation === generation) return { ...known, name, parent };
    const path = `/resource_providers/${uuid}`;
    const [inventories, traits] = await Promise.all([
      this.#get<{ inventories: Record<string, Inventory>; resource_provider_generation: number }>(
        ctx,
        '1.26',
        `${path}/inventories`,
      ),
      this.#get<{ traits: string[]; resource_provider_generation: number }>(ctx, '1.6', `${path}/traits`),
    ]);
    const read = { uuid, name, parent, generation, inventories: inventories.inventories, traits: new Set(traits.traits) };
    const isOneState = [inventories, traits].every((part) => part.resource_provider_generation === generation);
    if (isOneState) this.#read.set(uuid, read);
    return read;
  }

  async #get<T>(ctx: Ctx, version: string, path: string): Promise<T> {
    const reply = await this.http.send<T>(ctx, version, { method: 'GET', path });
    if (reply.status !== 200) throw unexpected(reply, path);
    return reply.body;
  }
}
