import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from './spec-support/server-cloud.js';

const DEAR = '((a?){40}){40}';
const BACK_REFERENCES = String.raw`^(a+)(a+)(a+)(a+)(a+)(a+)\6\5\4\3\2\1$`;

describe('H1: what one tenant searches by is no burden to others', () => {
  const cloud = useServerCloud();
  const listed = (name: string, path = '/servers') => cloud.call('GET', `${path}?name=${encodeURIComponent(name)}`);
  beforeAll(async () => {
    await cloud.clear();
    await cloud.active({ name: 'web-1' });
    await cloud.active({ name: 'web-2' });
  });

  it.each([
    ['web', 2],
    ['^web-1$', 1],
    ['(?i)WEB-[12]', 2],
    ['^w.*2$', 1],
    ['none', 0],
  ])('H1: %s finds %i', async (pattern, count) => {
    const { status, body } = await listed(pattern);
    expect([status, body.servers.length]).toEqual([200, count]);
  });

  it.each(['/servers', '/servers/detail'])('H1: %s refuses dear patterns before a database sees them', async (path) => {
    for (const pattern of [DEAR, BACK_REFERENCES, 'a'.repeat(256), '(', '[', '***:a', '(?=a)b']) {
      const { status, body } = await listed(pattern, path);
      expect([status, body.badRequest?.message], pattern).toEqual([
        400,
        expect.stringMatching(/^Invalid regular expression|^Invalid input/),
      ]);
    }
  });

  describe('a search that takes too long', () => {
    const holder = () => cloud.cell1.createQueryRunner();
    let held: ReturnType<typeof holder> | undefined;
    beforeEach(() => async () => {
      await held?.rollbackTransaction();
      await held?.release();
      held = undefined;
    });

    it("H1: is its caller's 400, one at a time, and no failure of the cell", async () => {
      held = holder();
      await held.startTransaction();
      await held.query('LOCK TABLE instances IN ACCESS EXCLUSIVE MODE');
      const answers = await Promise.all(Array.from({ length: 12 }, () => listed('^w.*$')));
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(400));
      expect(answers[0]?.body.badRequest.message).toContain('takes too long');
      await held.rollbackTransaction();
      const { status, body } = await cloud.call('GET', '/servers');
      expect([status, body.servers.length]).toEqual([200, 2]);
      await held.startTransaction();
    });
  });
});
