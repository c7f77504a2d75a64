import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlReply, controlStream } from './control-client.js';
import { type ControlHandler, ControlServer } from './control-server.js';

let folder: string;
let socket: string;
const closers: Array<() => Promise<unknown>> = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-'));
  socket = join(folder, 'control.sock');
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true });
});

async function serve(handlers: Record<string, ControlHandler>): Promise<void> {
  const server = new ControlServer(socket, handlers);
  await server.listen();
  closers.push(() => server.close());
}

const untilAborted: ControlHandler = (_query, write, signal) => {
  write('"first"');
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
};

describe('the control socket', () => {
  it('answers a question, and tells what it cannot answer', async () => {
    await serve({
      status: (_query, write) => Promise.resolve(write('["a"]')),
      broken: () => {
        throw new Error('the cloud is not laid out yet');
      },
    });
    expect(await controlReply(socket, 'status')).toEqual(['a']);
    await expect(controlReply(socket, 'broken')).rejects.toThrow('not laid out yet');
    await expect(controlReply(socket, 'other')).rejects.toThrow('does not know');
    expect(await controlReply(socket, 'status')).toEqual(['a']);
  });

  it('ends a stream quietly when its reader has had enough', async () => {
    await serve({ tail: untilAborted });
    const seen: string[] = [];
    const abort = new AbortController();
    const stream = controlStream(socket, 'tail', (line) => seen.push(line), abort.signal);
    await eventually(() => expect(seen).toEqual(['"first"']));
    abort.abort();
    await expect(stream).resolves.toBeUndefined();
  });

  it('ends a stream that has not begun quietly too', async () => {
    const silent = net.createServer(() => undefined).listen(socket);
    closers.push(() => new Promise((resolve) => silent.close(resolve)));
    const abort = new AbortController();
    const stream = controlStream(socket, 'tail', () => undefined, abort.signal);
    await eventually(() => expect(existsSync(socket)).toBe(true));
    abort.abort();
    await expect(stream).resolves.toBeUndefined();
  });

  it('says so where no cloud runs', async () => {
    await expect(controlReply(socket, 'status')).rejects.toThrow('no cloud is running');
  });
});
