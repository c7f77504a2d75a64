import { RawClient, useBroker } from '@kilonova/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dlqCommand } from './dlq.command.js';

const broker = useBroker();
const CELL = 'cell1';
let client: RawClient;
let printed = '';

beforeEach(async () => {
  printed = '';
  const print = (text: unknown): boolean => {
    printed += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(print);
  vi.spyOn(process.stderr, 'write').mockImplementation(print);
  client = await RawClient.connect(broker.url, CELL);
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await client.close();
});

const dlq = (...words: string[]): Promise<unknown> =>
  dlqCommand().parseAsync([...words, '--amqp', broker.url, '--cell', CELL, '--topic', 'compute'], { from: 'user' });

/** A letter that whoever may write to the dead letters wrote. */
async function letter(messageId: string, message: string): Promise<void> {
  const headers = { 'kn-dead-kind': 'forbidden', 'kn-dead-code': 'x.y.z', 'kn-dead-message': message, 'kn-dead-at': 1 };
  const queue = { 'kn-dead-queue': `${CELL}.compute.h1` };
  const userId = decodeURIComponent(new URL(broker.url).username);
  const properties = { messageId, userId, headers: { ...headers, ...queue } };
  await client.cast(`${CELL}.dead.compute`, 'm\u001b[2J', { text: '\u009b2J' }, properties, 'kilonova.dlx');
}

it('L10: list and show write out control characters of a stranger', async () => {
  await dlq('list'); // declares the shelf
  await letter('a\u001b]0;title\u0007', 'see\u001b[2Jthis');
  await dlq('list');
  expect(printed).toContain('see\\u001b[2Jthis');
  await dlq('show', 'a\u001b]0;title\u0007');
  expect(printed).toContain('\\u009b2J');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none is what is asked for
  expect(printed).not.toMatch(/[\u001b\u0007\u009b]/);
  await dlq('drop', 'all');
});

it('H8: replay and drop of an unknown id are errors', async () => {
  await expect(dlq('replay', 'nothing')).rejects.toThrow('there is no dead letter nothing');
  await expect(dlq('drop', 'nothing')).rejects.toThrow('there is no dead letter nothing');
});

it('H8: replay of what a guard refused says so and ends with 1', async () => {
  await letter('no', 'm');
  await dlq('replay', 'no');
  expect(printed).toContain('0 sent again\nkept no: a guard refused it; --force');
  expect(process.exitCode).toBe(1);
});
