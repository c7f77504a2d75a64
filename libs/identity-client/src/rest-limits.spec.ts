import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig, resilienceSection } from '@kilonova/config';
import { RestClient } from '@kilonova/rest-client';
import { systemCtx } from '@kilonova/util';
import { expect, it, onTestFinished } from 'vitest';
import { restLimits } from './rest-limits.js';

it('the section resilience is in force: attempts, their time, the breaker, and who is told of it', async () => {
  let asked = 0;
  const server = createServer((request) => {
    asked += 1;
    request.socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const flags = { resilience: { readAttempts: 2, breakerVolume: 3, breakerErrorPercent: 50, breakerResetSeconds: 60 } };
  const section = loadConfig({ sections: [resilienceSection], env: {}, flags }).get(resilienceSection);
  const watched: Array<() => unknown> = [];
  const limits = restLimits(section, ({ states }) => watched.push(states));
  const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new RestClient({ ...limits, service: 's', title: 'S', baseUrl });
  onTestFinished(() => client.close());
  const send = () => client.send(systemCtx(), { method: 'GET', path: '/' }).catch((error: { code: string }) => error.code);
  expect([await send(), await send(), await send()]).toEqual(Array(3).fill('s.unavailable'));
  expect(asked).toBe(6);
  expect(await send()).toBe('s.circuit_open');
  expect(watched.map((states) => states())).toEqual([{ read: 'open', write: 'closed' }]);
});
