import type { Ctx } from '@kilonova/util';
import { AllocationsClient } from './allocations.client.js';
import { CandidatesClient } from './candidates.client.js';
import { PlacementHttp, type PlacementTransport, unexpected } from './placement-http.js';
import { ProviderTreeClient } from './tree/provider-tree.client.js';

/** Everything that the compute services ask of placement, over one set of connections and breakers. */
export class PlacementClient {
  readonly allocations: AllocationsClient;
  readonly candidates: CandidatesClient;
  readonly trees: ProviderTreeClient;
  readonly #http: PlacementHttp;

  constructor(private readonly transport: PlacementTransport) {
    this.#http = new PlacementHttp(transport);
    this.allocations = new AllocationsClient(this.#http);
    this.candidates = new CandidatesClient(this.#http);
    this.trees = new ProviderTreeClient(this.#http);
  }

  /** What a project (or one of its users) holds in all: resource class → amount. */
  async usages(ctx: Ctx, projectId: string, userId?: string): Promise<Readonly<Record<string, number>>> {
    const user = userId === undefined ? '' : `&user_id=${encodeURIComponent(userId)}`;
    const path = `/usages?project_id=${encodeURIComponent(projectId)}${user}`;
    const reply = await this.#http.send<{ usages: Record<string, number> }>(ctx, '1.9', { method: 'GET', path });
    if (reply.status !== 200) throw unexpected(reply, 'to show usages');
    return reply.body.usages;
  }

  /** Consumers that hold something of a provider; empty for an unknown one. */
  async consumersOf(ctx: Ctx, provider: string): Promise<readonly string[]> {
    const reply = await this.#http.send<{ allocations: Record<string, unknown> }>(ctx, '1.28', {
      method: 'GET',
      path: `/resource_providers/${provider}/allocations`,
    });
    if (reply.status === 404) return [];
    if (reply.status !== 200) throw unexpected(reply, 'to show allocations of a provider');
    return Object.keys(reply.body.allocations);
  }

  /** The newest microversion that this placement speaks. */
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
