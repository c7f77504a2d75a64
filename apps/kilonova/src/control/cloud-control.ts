import { subscribeNotifications } from '@kilonova/messaging';
import { brokersOf, cellsOf, notificationLine } from '../commands/notification-lines.js';
import type { Cloud } from '../up/cloud.js';
import type { StateDir } from '../up/state-dir.js';
import { ControlServer } from './control-server.js';

/** What a running cloud answers on its control socket: its services, and its notifications as they happen. */
export const cloudControl = (cloud: Cloud, state: StateDir): ControlServer =>
  new ControlServer(state.controlSocket, {
    status: (_query, write) => {
      write(JSON.stringify(cloud.services()));
      return Promise.resolve();
    },
    brokers: (_query, write) => {
      write(JSON.stringify(brokersOf(cloud.layout)));
      return Promise.resolve();
    },
    cells: (_query, write) => {
      write(JSON.stringify(cellsOf(cloud.layout)));
      return Promise.resolve();
    },
    notifications: (query, write, signal) => followNotifications(cloud, query, write, signal),
  });

/** The in-process bus can only be listened to from inside. */
async function followNotifications(
  cloud: Cloud,
  query: URLSearchParams,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const cell = query.get('cell');
  const brokers = brokersOf(cloud.layout).filter((broker) => cell === null || broker.cell === cell);
  const subscriptions = brokers.map((broker) =>
    subscribeNotifications({ url: broker.url, topics: query.getAll('topic'), eventTypes: query.getAll('type') }, (received) =>
      write(notificationLine(broker.cell, received)),
    ),
  );
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.all(subscriptions.map((subscription) => subscription.close()));
}
