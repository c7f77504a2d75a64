import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { Dispatcher } from './dispatcher.js';
import type { Incoming } from './incoming.js';

const ctx = systemCtx('alice');
const message = (kind: Incoming['kind']): Incoming =>
  ({
    kind,
    method: 'do_it',
    args: {},
    ctx,
    messageId: `${kind}-1`,
    attempt: 0,
    target: { topic: 'compute' },
    sender: { kind: 'local' },
    version: '1',
  }) as unknown as Incoming;

function dispatcher(handle: () => Promise<unknown>) {
  const lines: unknown[] = [];
  const log = { info: (fields: object) => void lines.push(fields), warn: () => undefined, error: () => undefined };
  const made = new Dispatcher(handle, { retryDelaysMs: [10], log, observe: () => undefined, now: () => 7 });
  return { made, lines };
}

describe('the log of a process that serves messages', () => {
  it('has a line with the request id for each message that it handled', async () => {
    const { made, lines } = dispatcher(() => Promise.resolve('done'));
    await made.call(message('call'));
    await made.cast(message('cast'), () => Promise.resolve());
    await made.fanout(message('fanout'));
    expect(lines).toEqual(
      ['call', 'cast', 'fanout'].map((kind) =>
        expect.objectContaining({
          request_id: ctx.requestId,
          kind,
          method: 'do_it',
          messageId: `${kind}-1`,
          outcome: 'done',
          ms: 0,
        }),
      ),
    );
  });

  it('tells how a failed one went', async () => {
    const { made, lines } = dispatcher(() => Promise.reject(new Error('no')));
    await made.call(message('call'));
    expect(lines).toEqual([expect.objectContaining({ request_id: ctx.requestId, outcome: 'failed' })]);
  });
});
