import type { ReceivedNotification } from '@kilonova/messaging';
import type { CloudLayout } from '../up/cloud-layout.js';

export interface NamedBroker {
  /** `api` or the name of a cell. */
  readonly cell: string;
  readonly url: string;
}

/** The API level and every cell, each with its broker. */
export const cellsOf = (layout: CloudLayout): readonly NamedBroker[] => [
  { cell: 'api', url: layout.apiBroker },
  ...layout.cells.map((cell) => ({ cell: cell.name, url: cell.broker })),
];

/** The brokers on which notifications appear, each once. */
export function brokersOf(layout: CloudLayout): readonly NamedBroker[] {
  const all = cellsOf(layout);
  return all.filter((broker, index) => all.findIndex((other) => other.url === broker.url) === index);
}

/** One notification as one line of JSON, with the cell whose broker it came from. */
export const notificationLine = (cell: string, notification: ReceivedNotification): string =>
  JSON.stringify({ cell, ...notification });
