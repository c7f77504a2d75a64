import type { ExecutionContext } from '@nestjs/common';
import { expect, it } from 'vitest';
import { ControlPlaneGuard } from './control-plane.guard.js';
import { HostHandler } from './host.handler.js';
import { InstanceHandler } from './instance.handler.js';

const from = (sender: string | undefined) =>
  ({ switchToRpc: () => ({ getContext: () => ({ delivery: { sender } }) }) }) as unknown as ExecutionContext;

it.each(['conductor', 'kilonova', undefined])('lets %s through', (sender) => {
  expect(new ControlPlaneGuard().canActivate(from(sender))).toBe(true);
});

it('refuses another agent', () => {
  expect(() => new ControlPlaneGuard().canActivate(from('compute.h2'))).toThrow(
    expect.objectContaining({ kind: 'forbidden', code: 'agent.sender.is_agent' }),
  );
});

it.each([HostHandler, InstanceHandler])('stands before %o', (handler) => {
  expect(Reflect.getMetadata('__guards__', handler)).toEqual([ControlPlaneGuard]);
});
