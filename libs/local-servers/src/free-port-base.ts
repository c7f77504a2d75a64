import { createServer } from 'node:net';

/** Ports that one cloud takes. */
const PORTS = 5;
const TRIES = 50;
/** Below the ports that systems hand out to outgoing connections. */
const RANGE = { from: 10_000, count: 22_000 };

/** The first of so many ports in a row as a cloud takes, on none of which anybody listens on loopback. */
export async function freePortBase(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const base = RANGE.from + Math.floor(Math.random() * RANGE.count);
    const free = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports');
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
