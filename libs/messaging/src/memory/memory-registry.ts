import { MemoryBroker } from './memory-broker.js';

interface Entry {
  readonly broker: MemoryBroker;
  holders: number;
}

// One table a process, also when this module was loaded twice (from source and from its build).
const KEY = Symbol.for('kilonova.messaging.memory-brokers');
const holder = globalThis as unknown as Record<symbol, Map<string, Entry> | undefined>;
holder[KEY] ??= new Map();
const brokers: Map<string, Entry> = holder[KEY];

/** A hold on the in-process broker of a `memory://` URL; the last release ends the broker. */
export interface MemoryLease {
  readonly broker: MemoryBroker;
  release(): void;
}

export function holdMemoryBroker(url: string): MemoryLease {
  const entry = brokers.get(url) ?? { broker: new MemoryBroker(), holders: 0 };
  brokers.set(url, entry);
  entry.holders++;
  let held = true;
  return {
    broker: entry.broker,
    release: () => {
      if (!held) return;
      held = false;
      if (--entry.holders > 0) return;
      brokers.delete(url);
      entry.broker.dispose();
    },
  };
}
