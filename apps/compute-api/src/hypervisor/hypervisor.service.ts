import { CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';
import { HostContentRepository, type HostedServer } from '../host-directory/host-content.repository.js';
import { HostDirectory, type LocatedNode } from '../host-directory/host-directory.service.js';

/** Nodes over all cells, and the servers on them. */
@Injectable()
export class HypervisorService {
  constructor(
    private readonly directory: HostDirectory,
    private readonly cells: CellRegistry,
    private readonly content: HostContentRepository,
  ) {}

  all(): Promise<readonly LocatedNode[]> {
    return this.directory.nodes();
  }

  /** Those whose name holds the text, in any case. */
  async matching(text: string): Promise<readonly LocatedNode[]> {
    const wanted = text.toLowerCase();
    return (await this.all()).filter(({ node }) => node.hypervisor_hostname.toLowerCase().includes(wanted));
  }

  /** @param id the number of its row over all cells, or its uuid */
  async find(id: number | string): Promise<LocatedNode | undefined> {
    return (await this.all()).find(({ node, wideId }) => wideId === id || node.uuid === id);
  }

  /** The servers of the given nodes; one statement a cell. Cells that do not answer have none. */
  async servers(nodes: readonly LocatedNode[]): Promise<readonly HostedServer[]> {
    const cells = [...new Set(nodes.map(({ cell }) => cell))];
    const hosts = [...new Set(nodes.map(({ node }) => node.host))];
    const answers = await this.cells.scatter((sql) => this.content.servers(sql, hosts), { cells });
    return answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : []));
  }
}
