import type { Sender } from '@kilonova/messaging';
import type { ExecutionContext } from '@nestjs/common';
import { expect, it } from 'vitest';
import { AGENT_HANDLERS } from '../handlers.js';
import { ControlPlaneGuard } from './control-plane.guard.js';

const from = (sender: Sender | undefined) =>
  ({ switchToRpc: () => ({ getContext: () => ({ delivery: { sender } }) }) }) as unknown as ExecutionContext;

it.each<Sender>([{ kind: 'local' }, { kind: 'control-plane', name: 'controller' }])('lets %o through', (sender) => {
  expect(new ControlPlaneGuard().canActivate(from(sender))).toBe(true);
});

it.each(['compute.h2', 'conductor', 'guest', ''])('C3: refuses "%s", whom nobody put on the list', (name) => {
  expect(() => new ControlPlaneGuard().canActivate(from({ kind: 'user', name }))).toThrow(
    expect.objectContaining({ kind: 'forbidden', code: 'agent.sender.refused' }),
  );
});

it('C3: lets nobody through for whom nobody vouches', () => {
  expect(() => new ControlPlaneGuard().canActivate(from(undefined))).toThrow();
});

it.each(AGENT_HANDLERS)('stands before %o', (handler) => {
  expect(Reflect.getMetadata('__guards__', handler)).toEqual([ControlPlaneGuard]);
});
