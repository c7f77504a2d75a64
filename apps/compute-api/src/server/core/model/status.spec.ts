import { TASK_STATES, VM_STATES } from '@kilonova/compute-objects';
import { describe, expect, it } from 'vitest';
import { STATUSES, type StateMatch, statesOf, statusOf } from './status.js';

describe('status', () => {
  it.each([
    ['active', null, 'ACTIVE'],
    ['active', 'deleting', 'ACTIVE'],
    ['active', 'rebooting_hard', 'HARD_REBOOT'],
    ['active', 'resize_finish', 'RESIZE'],
    ['active', 'migrating', 'MIGRATING'],
    ['building', 'spawning', 'BUILD'],
    ['stopped', 'rebuild_spawning', 'REBUILD'],
    ['stopped', 'migrating', 'SHUTOFF'],
    ['resized', 'resize_reverting', 'REVERT_RESIZE'],
    ['resized', null, 'VERIFY_RESIZE'],
    ['error', 'rebuilding', 'REBUILD'],
    ['pending', 'rebuilding', 'BUILD'],
  ] as const)('%s / %s shows as %s', (vmState, taskState, status) => {
    expect(statusOf(vmState, taskState, true)).toBe(status);
  });

  it('has a server wait for room to who asks for extensions, and in ERROR to others', () => {
    expect([statusOf('pending', null, true), statusOf('pending', null, false)]).toEqual(['PENDING', 'ERROR']);
    expect([statesOf('PENDING', false), statesOf('error', true).map(({ vmState }) => vmState)]).toEqual([[], ['error']]);
  });

  it.each([true, false])('maps every status back to exactly the states that show as it, extensions %s', (extended) => {
    const holds = (match: StateMatch, vm: string, task: string | null): boolean =>
      match.vmState === vm &&
      (match.tasks === null
        ? task === null || !match.except.includes(task as never)
        : task !== null && match.tasks.includes(task as never));
    for (const status of STATUSES) {
      const matches = statesOf(status, extended);
      for (const vm of VM_STATES) {
        for (const task of [null, ...TASK_STATES]) {
          expect(
            matches.some((match) => holds(match, vm, task)),
            `${status} ${vm} ${task}`,
          ).toBe(statusOf(vm, task, extended) === status);
        }
      }
    }
  });

  it('knows no other words', () => {
    expect(statesOf('nonsense', true)).toEqual([]);
    expect(statesOf('shutoff', false).map(({ vmState }) => vmState)).toEqual(['stopped']);
  });
});
