import 'reflect-metadata';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpApp, fastifyOf, listen } from './http-app.js';

@Module({})
class EmptyModule {}

const IDLE_MS = 400;
let app: Awaited<ReturnType<typeof createHttpApp>>;
let port: number;

beforeEach(async () => {
  app = await createHttpApp(EmptyModule, { bodyLimitBytes: 1_000_000, idleTimeoutMs: IDLE_MS });
  fastifyOf(app).post('/slow', async () => {
    await pause(3 * IDLE_MS);
    return 'done';
  });
  fastifyOf(app).post('/fast', (_request, reply) => reply.send('done'));
  port = Number(new URL(await listen(app, { host: '127.0.0.1', port: 0 })).port);
});
afterEach(() => app.close());

/** A connection with what it received until it was closed. */
function open(text: string): { socket: Socket; closed: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let received = '';
  socket.on('data', (data) => {
    received += data;
  });
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  socket.on('error', () => undefined);
  return { socket, closed };
}
const head = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;

describe('M8: a connection', () => {
  it.each([
    ['with half a head', 'POST /fast HTTP/1.1\r\nHo'],
    ['with part of a body', `${head('/fast', 1_000)}x`],
  ])('that goes silent %s is ended', async (_what, text) => {
    await open(text).closed;
  });

  it('on which bytes keep coming is not', async () => {
    const { socket, closed } = open(head('/fast', 10));
    for (let byte = 0; byte < 10; byte++) {
      socket.write('x');
      await pause(IDLE_MS / 4);
    }
    expect(await closed).toContain('200 OK');
  });

  it('that waits for an answer of ours is not', async () => {
    expect(await open(`${head('/slow', 1)}x`).closed).toContain('200 OK');
  });
});
