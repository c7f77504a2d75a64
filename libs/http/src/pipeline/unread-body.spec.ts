import { connect, type Socket } from 'node:net';
import { eventually } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../http-app.js';
import { type ThingApp, thingApp } from '../spec-support/thing-app.js';
import { novaStyle } from '../style/index.js';

const MIB = 1024 * 1024;
/** More than the buffers of two sockets hold. */
const MUCH = Buffer.alloc(32 * MIB, 'x');

let app: ThingApp['app'];
let port: number;
beforeAll(async () => {
  ({ app } = await thingApp({ style: novaStyle({ min: '2.1', max: '2.96' }) }));
  port = Number(new URL(await listen(app, { host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => app.close());

const head = (line: string, ...headers: readonly string[]): string =>
  [`${line} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');
const TOKEN = 'X-Auth-Token: good';
const LENGTH = `Content-Length: ${MUCH.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
/** A chunk of which only a part comes. */
const ENDLESS = Buffer.concat([Buffer.from('7fffffff\r\n'), MUCH]);

interface Client {
  readonly socket: Socket;
  received: string;
}

const open = (): Client => {
  const client = { socket: connect(port, '127.0.0.1'), received: '' };
  client.socket.on('error', () => undefined);
  client.socket.on('data', (data) => {
    client.received += data;
  });
  return client;
};

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

describe('M8: a request that is refused before its body came', () => {
  it.each([
    ['401', 'without a token', head('POST /things', LENGTH), MUCH],
    ['401', 'without a token, its length unknown', head('POST /things', CHUNKED), ENDLESS],
    ['404', 'of no route', head('POST /nowhere', TOKEN, LENGTH), MUCH],
    ['413', 'of too great a length', head('POST /things', TOKEN, LENGTH), MUCH],
    ['413', 'that becomes too long', head('POST /things', TOKEN, CHUNKED), ENDLESS],
    ['507', 'in the middle of an upload', head('PUT /files/full', TOKEN, LENGTH), MUCH],
    ['507', 'in the middle of an upload of unknown length', head('PUT /files/full', TOKEN, CHUNKED), ENDLESS],
    ['200', 'that needs none', head('GET /', LENGTH), MUCH],
  ])('is answered with %s, %s, and a client that sends first and reads then is let go', async (status, _what, start, body) => {
    const client = open();
    client.socket.pause();
    const sent = new Promise<void>((resolve) => {
      client.socket.write(start);
      client.socket.write(body, () => resolve());
    });
    await Promise.race([sent, closed(client.socket)]);
    client.socket.resume();
    await closed(client.socket);
    expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(client.received.toLowerCase()).toContain('connection: close');
    expect(client.received).toMatch(/\}$/);
  });

  it('is not read for ever', async () => {
    const client = open();
    client.socket.write(head('POST /things', CHUNKED));
    const more = (): void => void (client.socket.writable && client.socket.write(ENDLESS, more));
    more();
    await closed(client.socket);
  });

  it('keeps its connection when little is to come', async () => {
    const client = open();
    client.socket.write(head('POST /things', 'Content-Length: 10'));
    await eventually(() => expect(client.received).toContain('401'));
    client.socket.write(`0123456789${head('GET /')}`);
    await eventually(() => expect(client.received).toContain('200 OK'));
    client.socket.destroy();
  });

  it('is ended when the little that is to come does not', async () => {
    const client = open();
    client.socket.write(head('POST /things', 'Content-Length: 10'));
    await closed(client.socket);
    expect(client.received).toContain('401');
  });
});
