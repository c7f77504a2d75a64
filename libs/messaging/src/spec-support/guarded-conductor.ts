import { RawClient, type TestBroker } from '@kilonova/testing';
import { userOf } from '../amqp/amqp-url.js';
import { agentRights, controlPlaneRights } from '../amqp/broker-rights.js';
import { preparedHost, preparedTopology } from '../amqp/prepared-topology.js';
import { createBusServer } from '../bus/create-bus-server.js';
import type { BusLog, BusObserver } from '../port/bus-observer.js';
import type { BusServer, RequestHandler } from '../port/server-options.js';
import { loadTopology } from './load-topology.js';
import { quietLog } from './quiet-log.js';

/** What a conductor saw and said. */
export interface Witness {
  readonly log?: BusLog;
  readonly observe: BusObserver;
}

/** A started conductor of a cell with prepared queues; agents ask it through their hosts' inboxes. */
export async function guardedConductor(
  broker: TestBroker,
  cell: string,
  { log = quietLog, observe }: Witness,
  handle: RequestHandler,
): Promise<BusServer> {
  const server = createBusServer(
    {
      url: broker.url,
      cell,
      topic: 'conductor',
      agents: true,
      prefetch: 8,
      drainMs: 1_000,
      controlPlaneUsers: [userOf(broker.url)],
      log,
      observe,
    },
    handle,
  );
  await server.start();
  return server;
}

/** An agent of a prepared cell that said hello, and a stranger: whom the broker lets write anywhere, as those of the control plane. */
export interface Callers {
  readonly agent: RawClient;
  readonly stranger: RawClient;
  close(): Promise<void>;
}

/** @param names of the cell, the agent's host and the broker users of both */
export async function callersOf(
  broker: TestBroker,
  { cell, host, agent: agentUser, stranger: strangerUser }: Record<'cell' | 'host' | 'agent' | 'stranger', string>,
): Promise<Callers> {
  const admin = await RawClient.connect(broker.url, cell);
  const prepared = [preparedTopology(broker.vhost, cell, 'compute'), preparedHost(broker.vhost, cell, host)];
  await loadTopology(await admin.channel(), ...prepared);
  const agent = await RawClient.connect(await broker.user(agentUser, agentRights(cell, host)), cell, host);
  const stranger = await RawClient.connect(await broker.user(strangerUser, controlPlaneRights()), cell);
  await agent.hello();
  const close = async () => void (await Promise.all([admin, agent, stranger].map((client) => client.close())));
  return { agent, stranger, close };
}
