import { freePort } from '@kilonova/local-servers';
import { useBroker } from '@kilonova/testing';
import { describe, expect, it } from 'vitest';
import { probeBroker } from './probe-broker.js';

const broker = useBroker();

describe('a broker that is probed', () => {
  it('is fine when it takes the login', async () => {
    await expect(probeBroker(broker.url)).resolves.toBeUndefined();
  });

  it('is named with its address and the cause when nobody listens', async () => {
    const port = await freePort();
    await expect(probeBroker(`amqp://u:secret@127.0.0.1:${port}/v`)).rejects.toMatchObject({
      code: 'messaging.broker.unreachable',
      message: `the broker at 127.0.0.1:${port} (user u, virtual host v) cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it('is named with user and virtual host when it refuses them, without the password', async () => {
    const url = new URL(broker.url);
    url.password = 'wrong-password';
    const error = await probeBroker(url.href).catch((caught: Error) => caught);
    expect(String(error)).toMatch(/ACCESS_REFUSED|403/);
    expect(String(error)).not.toContain('wrong-password');
  });
});
