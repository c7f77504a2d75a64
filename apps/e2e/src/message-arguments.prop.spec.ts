import { randomUUID } from 'node:crypto';
import { messages } from '@kilonova/compute-objects';
import { messageSamples } from '@kilonova/compute-samples';
import { openDeadLetters } from '@kilonova/messaging';
import { eventually, testLength } from '@kilonova/testing';
import { AppError, type CallMessage, type CastMessage, type MessageInfo, systemCtx } from '@kilonova/util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ServedRole } from './spec-support/served-role.js';
import { messagesOf, SERVICE_ROLES } from './spec-support/service-roles.js';
import { oddArguments, wrongArguments } from './spec-support/wrong-arguments.js';

const INVALID = 'messaging.arguments.invalid';
const { runs: numRuns, seed } = testLength({ runs: 150 });

const samples = new Map<MessageInfo, unknown>(
  Object.entries(messages).map(([name, message]) => [message, messageSamples[name as keyof typeof messages]]),
);

describe.each(SERVICE_ROLES)('the $name, asked with arguments that do not fit', (role) => {
  const served = new ServedRole(role);
  const letters = openDeadLetters({ url: served.url, cell: 'c' });
  beforeAll(() => served.start());
  beforeEach(() => void served.touched.splice(0));
  afterAll(async () => {
    await letters.close();
    await served.close();
  });

  /** Sends it, and says with which code it ended; undefined: well. */
  async function outcome(message: MessageInfo, args: unknown): Promise<string | undefined> {
    if (message.kind === 'call') return failureOf(served.bus.call(systemCtx(), asCall(message), served.target, args));
    const messageId = randomUUID();
    await served.bus.cast(systemCtx(), asCast(message), served.target, args, { messageId });
    // It is in its grave, or its handler has begun: what stands behind handlers here ends at once.
    return eventually(
      async () => {
        const letter = await letters.show(role.topic, messageId);
        expect(letter !== undefined || served.touched.length > 0).toBe(true);
        await letters.drop(role.topic, 'all');
        return letter?.reason.code;
      },
      { everyMs: 0 },
    );
  }

  describe.each(messagesOf(role))('$name', (message) => {
    const sample = samples.get(message);

    it('takes its sample', async () => {
      expect(await outcome(message, sample)).not.toBe(INVALID);
      expect(served.touched).not.toEqual([]);
    });

    it('M2: refuses what is wrong before a handler runs', async () => {
      await fc.assert(
        fc.asyncProperty(wrongArguments(message, sample), async (args) => {
          served.touched.length = 0;
          expect(await outcome(message, args)).toBe(INVALID);
          expect(served.touched).toEqual([]);
        }),
        { numRuns, seed },
      );
    });

    it('M2: goes on after anything else', async () => {
      await fc.assert(
        fc.asyncProperty(oddArguments(sample), async (args) => {
          served.touched.length = 0;
          const code = await outcome(message, args);
          if (code === INVALID) expect(served.touched).toEqual([]);
        }),
        { numRuns, seed },
      );
      served.touched.length = 0;
      expect(await outcome(message, sample)).not.toBe(INVALID);
    });
  });
});

const asCall = (message: MessageInfo): CallMessage<unknown, unknown> => ({ ...message, kind: 'call' });
const asCast = (message: MessageInfo): CastMessage<unknown> => ({ ...message, kind: 'cast' });

const failureOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => AppError.from(error).code,
  );
