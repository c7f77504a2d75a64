import 'reflect-metadata';
import { Readable } from 'node:stream';
import { Module } from '@nestjs/common';
import { expect, it } from 'vitest';
import { createHttpApp, fastifyOf, listen } from './http-app.js';

@Module({})
class EmptyModule {}

it('closing does not wait for a kept connection whose answer ended after the closing began', async () => {
  const app = await createHttpApp(EmptyModule, { bodyLimitBytes: 1000 });
  let end = (): void => undefined;
  const data = new Readable({ read: () => undefined });
  fastifyOf(app).get('/', (_request, reply) => {
    end = () => void data.push(null);
    data.push('all of it');
    return reply.header('content-length', '9').send(data);
  });
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  expect(await (await fetch(url)).text()).toBe('all of it');
  const startedAt = Date.now();
  const closing = app.close();
  setImmediate(end);
  await closing;
  expect(Date.now() - startedAt).toBeLessThan(5_000);
}, 10_000);
