import type { SeenService } from '@kilonova/cell-db';
import { AppError, systemCtx } from '@kilonova/util';
import { expect, it } from 'vitest';
import type { LocatedService } from '../host-directory/host-directory.service.js';
import { ServiceAdmin } from './service-admin.service.js';

const logged: unknown[] = [];
const admin = new ServiceAdmin(
  {} as never,
  {} as never,
  {} as never,
  { callTimeoutMs: 3_600_000 } as never,
  { warn: (fields: unknown) => logged.push(fields) } as never,
);

const onHost = (call: () => Promise<boolean>): LocatedService => ({
  service: { host: 'h1', binary: 'nova-compute' } as SeenService,
  cell: { bus: { call } } as never,
  wideId: 1,
  zone: 'nova',
  isUp: true,
});

it('disabling a host ends though its broker is away', async () => {
  await admin.tellAgent(
    systemCtx(),
    onHost(() => new Promise(() => undefined)),
    false,
  );
});

it('disabling a host ends though its agent refuses, and leaves a line', async () => {
  const refused = new AppError({ kind: 'dependency', code: 'bus.x', message: 'no' });
  await admin.tellAgent(
    systemCtx(),
    onHost(() => Promise.reject(refused)),
    false,
  );
  expect(logged).toMatchObject([{ err: refused, host: 'h1', enabled: false }]);
});
