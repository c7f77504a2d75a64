import { newRequestId, pause, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import type { CastEnvelope } from '../port/message-bus.js';
import { HandedCasts } from './handed-casts.js';

/** A broker that confirms when it is told to, and a table that writes down what is deleted from it. */
function stage() {
  const confirms: Array<() => void> = [];
  const deleted: string[] = [];
  const bus = {
    health: () => ({ ready: true }),
    castMany: (casts: readonly CastEnvelope[]) =>
      new Promise<readonly 'sent'[]>((resolve) => confirms.push(() => resolve(casts.map(() => 'sent' as const)))),
  };
  const dataSource = {
    query: (_sql: string, [ids]: unknown[] = []) => Promise.resolve(void deleted.push(...(ids as string[]))),
  };
  const log = { warn: () => undefined };
  const handed = new HandedCasts({ dataSource, bus, log } as never);
  return { handed, deleted, confirm: () => confirms.splice(0).map((one) => one()).length };
}

const cast = (id: string) => {
  const target = { topic: 'conductor' } as const;
  const envelope = {
    messageId: id,
    target,
    method: 'm',
    version: '1.0',
    args: {},
    ctx: { ...systemCtx(), requestId: newRequestId() },
  };
  return { id, envelope };
};

it('stops when casts under way are sent and their rows are gone', async () => {
  const { handed, deleted, confirm } = stage();
  void handed.send([cast('1')]);
  let stopped = false;
  const stopping = handed.stop().then(() => {
    stopped = true;
  });
  await pause(50);
  expect([stopped, deleted]).toEqual([false, []]);
  expect(confirm()).toBe(1);
  await stopping;
  expect(deleted).toEqual(['1']);
});

it('sends nothing once it is told to stop', async () => {
  const { handed, deleted, confirm } = stage();
  await handed.stop();
  await handed.send([cast('1')]);
  expect([confirm(), deleted]).toEqual([0, []]);
});
