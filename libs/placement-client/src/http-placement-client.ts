import type { Ctx } from '@kilonova/util';
import type {
  AllocationRequest,
  Allocations,
  ClaimMode,
  ClaimOutcome,
  ClaimOwner,
  ConsumerAllocations,
  MoveOutcome,
} from './allocation.js';
import { AllocationsClient } from './allocations.client.js';
import { CandidatesClient, type CandidatesOutcome, type CandidatesWish, type CapacityOutcome } from './candidates.client.js';
import { PlacementClient, type Reshape, type WantedTree } from './placement-client.js';
import { PlacementHttp, type PlacementTransport, unexpected } from './placement-http.js';
import { ProviderTreeClient } from './tree/provider-tree.client.js';
import type { TreeProvider } from './tree/provider-tree.js';

/** The placement service over HTTP, over one set of connections and breakers. */
export class HttpPlacementClient extends PlacementClient {
  readonly #http: PlacementHttp;
  readonly #allocations: AllocationsClient;
  readonly #candidates: CandidatesClient;
  readonly #trees: ProviderTreeClient;

  constructor(private readonly transport: PlacementTransport) {
    super();
    this.#http = new PlacementHttp(transport);
    this.#allocations = new AllocationsClient(this.#http);
    this.#candidates = new CandidatesClient(this.#http);
    this.#trees = new ProviderTreeClient(this.#http);
  }

  candidates(ctx: Ctx, query: string, wish?: CandidatesWish): Promise<CandidatesOutcome> {
    return this.#candidates.find(ctx, query, wish);
  }

  capacity(ctx: Ctx, query: string): Promise<CapacityOutcome> {
    return this.#candidates.count(ctx, query);
  }

  claim(ctx: Ctx, owner: ClaimOwner, request: AllocationRequest, mode: ClaimMode): Promise<ClaimOutcome> {
    return this.#allocations.claim(ctx, owner, request, mode);
  }

  moveTo(ctx: Ctx, instance: string, migration: string): Promise<MoveOutcome> {
    return this.#allocations.move(ctx, instance, migration, false);
  }

  moveBack(ctx: Ctx, instance: string, migration: string): Promise<MoveOutcome> {
    return this.#allocations.move(ctx, migration, instance, true);
  }

  giveBack(ctx: Ctx, consumer: string, part: Allocations): Promise<'given-back' | 'contended'> {
    return this.#allocations.giveBack(ctx, consumer, part);
  }

  change(ctx: Ctx, consumer: string, wanted: (held: Allocations) => Allocations): Promise<ClaimOutcome> {
    return this.#allocations.change(ctx, consumer, wanted);
  }

  release(ctx: Ctx, consumer: string): Promise<void> {
    return this.#allocations.release(ctx, consumer);
  }

  allocationsOf(ctx: Ctx, consumer: string): Promise<ConsumerAllocations> {
    return this.#allocations.get(ctx, consumer);
  }

  async consumersOf(ctx: Ctx, provider: string): Promise<readonly string[]> {
    const members = await this.#trees.members(ctx, provider);
    const consumers = await Promise.all(members.map((uuid) => this.#holdersOf(ctx, uuid)));
    return [...new Set(consumers.flat())];
  }

  async #holdersOf(ctx: Ctx, provider: string): Promise<readonly string[]> {
    const path = `/resource_providers/${provider}/allocations`;
    const reply = await this.#http.send<{ allocations: Record<string, unknown> }>(ctx, '1.28', { method: 'GET', path });
    if (reply.status === 404) return [];
    if (reply.status !== 200) throw unexpected(reply, 'to show allocations of a provider');
    return Object.keys(reply.body.allocations);
  }

  async usages(ctx: Ctx, projectId: string, userId?: string): Promise<Readonly<Record<string, number>>> {
    const user = userId === undefined ? '' : `&user_id=${encodeURIComponent(userId)}`;
    const path = `/usages?project_id=${encodeURIComponent(projectId)}${user}`;
    const reply = await this.#http.send<{ usages: Record<string, number> }>(ctx, '1.9', { method: 'GET', path });
    if (reply.status !== 200) throw unexpected(reply, 'to show usages');
    return reply.body.usages;
  }

  tree(ctx: Ctx, member: string): Promise<readonly TreeProvider[]> {
    return this.#trees.read(ctx, member);
  }

  syncTree(ctx: Ctx, root: string, wanted: WantedTree): Promise<void> {
    return this.#trees.sync(ctx, root, wanted);
  }

  reshape(ctx: Ctx, reshape: Reshape): Promise<'reshaped' | 'concurrent-update'> {
    return this.#trees.reshape(ctx, reshape);
  }

  aggregatesOf(ctx: Ctx, provider: string): Promise<readonly string[]> {
    return this.#trees.aggregatesOf(ctx, provider);
  }

  setAggregate(ctx: Ctx, provider: string, aggregate: string, isMember: boolean): Promise<boolean> {
    return this.#trees.setAggregate(ctx, provider, aggregate, isMember);
  }

  removeProvider(ctx: Ctx, provider: string): Promise<boolean> {
    return this.#trees.remove(ctx, provider);
  }

  async maxVersion(ctx: Ctx): Promise<string> {
    const reply = await this.#http.send<{ versions: Array<{ max_version: string }> }>(ctx, '1.0', { method: 'GET', path: '/' });
    const [version] = reply.status === 200 ? reply.body.versions : [];
    if (version === undefined) throw unexpected(reply, 'its version document');
    return version.max_version;
  }

  close(): Promise<void> {
    return this.transport.close();
  }
}
