import { afterAll, describe, expect, it } from 'vitest';
import { RsaGenerator } from './rsa-generator.service.js';

describe('M5: making keys', () => {
  const generator = new RsaGenerator();
  afterAll(() => generator.onModuleDestroy());

  it('M5: happens one at a time for a user, in a thread of its own, and too many are refused', async () => {
    const wanted = Array.from({ length: 8 }, () => generator.generate('u', 1024));
    const made = await Promise.allSettled(wanted);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refused = made.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toEqual(Array(3).fill(expect.objectContaining({ code: 'request.too_many' })));
  });

  it('makes pairs that belong together', async () => {
    const { publicKey, privateKey } = await generator.generate('u', 1024);
    expect(privateKey.asymmetricKeyType).toBe('rsa');
    expect(publicKey.export({ format: 'jwk' })).toMatchObject({ n: privateKey.export({ format: 'jwk' }).n });
  });

  it('goes on with another worker after one has died', async () => {
    await generator.onModuleDestroy();
    await expect(generator.generate('u', 1024)).resolves.toBeDefined();
  });
});
