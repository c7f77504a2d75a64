import { AppError, pause } from '@kilonova/util';
import type { CloudClient } from './cloud-client.js';
import type { CellLayout, CloudLayout } from './cloud-layout.js';
import { imageId } from './furnish.js';

export interface ProvenServer {
  readonly cell: string;
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Milliseconds from POST to ACTIVE. */
  readonly ms: number;
}

interface ServerBody {
  readonly server: {
    readonly id: string;
    readonly status: string;
    readonly 'OS-EXT-SRV-ATTR:host': string | null;
    readonly fault?: { readonly message: string };
  };
}

const DEADLINE_MS = 60_000;

/** Servers that proved earlier starts, by id; what only has their name is somebody else's. */
export interface Proofs {
  readonly earlier: () => readonly string[];
  readonly keep: (ids: readonly string[]) => void;
}

/** Boots a server on the last host of each cell. Those of earlier starts have done their part: they are deleted then. */
export async function proveCells(cloud: CloudClient, layout: CloudLayout, proofs: Proofs): Promise<readonly ProvenServer[]> {
  const image = await imageId(cloud);
  const earlier = proofs.earlier();
  const startedAt = Date.now();
  const ids = await Promise.all(layout.cells.map((cell) => create(cloud, cell, image)));
  proofs.keep([...earlier, ...ids]);
  const proven = await Promise.all(layout.cells.map((cell, index) => activeOf(cloud, cell.name, ids[index] ?? '', startedAt)));
  for (const id of earlier) await cloud.ask('DELETE', `${cloud.endpoints.compute}/servers/${id}`);
  proofs.keep(ids);
  return proven;
}

const nameIn = (cell: string): string => `proof-${cell}`;

async function create(cloud: CloudClient, { name, agents }: CellLayout, image: string): Promise<string> {
  const host = agents.at(-1)?.at(-1) ?? '';
  const server = { name: nameIn(name), imageRef: image, flavorRef: '1', networks: 'none', host };
  const { body } = await cloud.ask<ServerBody>('POST', `${cloud.endpoints.compute}/servers`, { server });
  return body.server.id;
}

async function activeOf(cloud: CloudClient, cell: string, id: string, startedAt: number): Promise<ProvenServer> {
  const name = nameIn(cell);
  for (;;) {
    const { body } = await cloud.ask<ServerBody>('GET', `${cloud.endpoints.compute}/servers/${id}`);
    const { status, fault } = body.server;
    if (status === 'ACTIVE')
      return { cell, id, name, host: body.server['OS-EXT-SRV-ATTR:host'] ?? '', ms: Date.now() - startedAt };
    if (status === 'ERROR') throw failed(`server ${name} ended in ERROR: ${fault?.message ?? 'without a cause'}`);
    if (Date.now() - startedAt > DEADLINE_MS) throw failed(`server ${name} is ${status} after ${DEADLINE_MS / 1000} s`);
    await pause(25);
  }
}

const failed = (message: string): AppError => new AppError({ kind: 'dependency', code: 'kilonova.up.proof', message });
