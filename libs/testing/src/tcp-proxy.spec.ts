import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './eventually.js';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.inFrontOf(`tcp://127.0.0.1:${(echo.address() as { port: number }).port}`);
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

interface Client {
  readonly socket: Socket;
  heard: string;
  closed: boolean;
}

async function client(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1');
  const state: Client = { socket, heard: '', closed: false };
  socket.on('data', (chunk) => {
    state.heard += String(chunk);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    state.closed = true;
  });
  await once(socket, 'connect');
  return state;
}

test('passes data both ways and in order', async () => {
  const one = await client();
  for (let n = 0; n < 10; n++) one.socket.write(`${n} `);
  await eventually(() => expect(one.heard).toBe('0 1 2 3 4 5 6 7 8 9 '));
});

test('an end on one side reaches the other after the data', async () => {
  const one = await client();
  one.socket.end('last words');
  await eventually(() => expect(one).toMatchObject({ heard: 'last words', closed: true }));
});

test('cut ends connections and lets new ones in', async () => {
  const before = await client();
  before.socket.write('x');
  await eventually(() => expect(before.heard).toBe('x'));
  proxy.cut();
  await eventually(() => expect(before.closed).toBe(true));
  const after = await client();
  after.socket.write('y');
  await eventually(() => expect(after.heard).toBe('y'));
});

test('refuse lets nobody in until healed', async () => {
  proxy.refuse();
  const refused = await client().catch(() => ({ closed: true }));
  await eventually(() => expect(refused.closed).toBe(true));
  proxy.heal();
  const after = await client();
  after.socket.write('y');
  await eventually(() => expect(after.heard).toBe('y'));
});

test('a black hole holds everything back without a word, until healed', async () => {
  const one = await client();
  proxy.blackhole();
  one.socket.write('held');
  const other = await client();
  other.socket.write('held too');
  await expect(eventually(() => expect(one.heard + other.heard).not.toBe(''), { deadlineMs: 150 })).rejects.toThrow();
  expect(one.closed).toBe(false);
  proxy.heal();
  await eventually(() => expect([one.heard, other.heard]).toEqual(['held', 'held too']));
});

test('delay holds data back for a while, in both directions', async () => {
  proxy.delay(60);
  const one = await client();
  const start = performance.now();
  one.socket.write('slow');
  await eventually(() => expect(one.heard).toBe('slow'), { everyMs: 1 });
  expect(performance.now() - start).toBeGreaterThanOrEqual(118);
});
