import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TASK_STATES, VM_STATES } from '../states.js';
import { ACTIONS, type ActionName, actionRule } from './action-table.js';
import { refusalMessage, refusalOf } from './refusal.js';

const UUID = '11111111-2222-4333-8444-555555555555';
const server = fc.record({
  uuid: fc.constant(UUID),
  vm_state: fc.constantFrom(...VM_STATES),
  task_state: fc.constantFrom(null, ...TASK_STATES),
  launched_at: fc.constantFrom(null, '2026-01-31T10:00:00Z'),
  host: fc.constantFrom(null, 'h1'),
  locked: fc.boolean(),
});
const circumstances = fc.record({ aboveLocks: fc.boolean(), hostIsUp: fc.boolean() });
const action = fc.constantFrom(...(Object.keys(ACTIONS) as ActionName[]));

describe('what the action table allows', () => {
  it('is everything that its row names, and nothing else', () => {
    fc.assert(
      fc.property(action, server, circumstances, (name, subject, now) => {
        const rule = actionRule(name);
        const allowed =
          (rule.vmStates === 'any' || rule.vmStates.includes(subject.vm_state)) &&
          (rule.taskStates === 'any' || rule.taskStates.includes(subject.task_state)) &&
          (!rule.launched || subject.launched_at !== null) &&
          (rule.host === 'any' || subject.host !== null) &&
          (rule.host !== 'up' || now.hostIsUp) &&
          (rule.lock === 'ignored' || !subject.locked || now.aboveLocks);
        expect(refusalOf(name, subject, now) === undefined).toBe(allowed);
      }),
    );
  });

  it('is refused in a sentence that names no host', () => {
    fc.assert(
      fc.property(action, server, circumstances, (name, subject, now) => {
        const refusal = refusalOf(name, subject, now);
        if (refusal !== undefined) expect(refusalMessage(name, UUID, refusal)).not.toMatch(/h1|undefined|\[object/);
      }),
    );
  });
});

it('reads as Nova says it', () => {
  const told = (name: ActionName, given: object) => {
    const subject = {
      uuid: UUID,
      vm_state: 'active',
      task_state: null,
      launched_at: 'x',
      host: 'h1',
      locked: false,
      ...given,
    } as never;
    const refusal = refusalOf(name, subject, { aboveLocks: false, hostIsUp: true });
    return refusal && refusalMessage(name, UUID, refusal);
  };
  expect([
    told('start', {}),
    told('stop', { task_state: 'powering-off' }),
    told('stop', { locked: true }),
    told('stop', { host: null }),
    told('stop', { launched_at: null }),
    told('updateMetadata', { vm_state: 'error' }),
    told('stop', {}),
  ]).toEqual([
    `Cannot 'start' instance ${UUID} while it is in vm_state active`,
    `Cannot 'stop' instance ${UUID} while it is in task_state powering-off`,
    `Instance ${UUID} is locked`,
    `Instance ${UUID} is not ready`,
    `Cannot 'stop' an instance which has never been active`,
    `Cannot 'update metadata' instance ${UUID} while it is in vm_state error`,
    undefined,
  ]);
});
