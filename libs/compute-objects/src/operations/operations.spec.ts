import { describe, expect, it } from 'vitest';
import { messages } from '../index.js';
import { operationsPage } from '../spec-support/operations-page.js';
import { type Tables as AnyTables, tableFaults } from '../spec-support/table-faults.js';
import { ACTIONS, type ActionName, actionRule } from './action-table.js';
import { OPERATIONS, type OperationName, operationRule, STEP_NAMES, stepPlace } from './operation-table.js';

const actions = Object.keys(ACTIONS) as ActionName[];
const operations = Object.keys(OPERATIONS) as OperationName[];
const tables = () => ({
  actions: Object.fromEntries(actions.map((name) => [name, { ...actionRule(name) }])),
  operations: Object.fromEntries(
    operations.map((name) => {
      const rule = operationRule(name);
      return [name, { ...rule, ends: { ...rule.ends }, steps: rule.steps.map((step) => ({ ...step })) }];
    }),
  ),
});
type Tables = ReturnType<typeof tables>;

describe('the tables of actions and operations', () => {
  it('agree with each other, with the states and with the messages', () => {
    expect(tableFaults(tables() as unknown as AnyTables, Object.values(messages))).toEqual([]);
  });

  const first = (t: Tables, operation: OperationName) => {
    const step = t.operations[operation]?.steps[0];
    if (step === undefined) throw new Error(operation);
    return step as Record<string, unknown>;
  };
  const mutations: ReadonlyArray<readonly [string, (t: Tables) => void]> = [
    ['an operation that is not there', (t) => Object.assign(t.actions['stop'] ?? {}, { operation: 'halt' })],
    ['a task state that nobody knows', (t) => Object.assign(t.actions['stop'] ?? {}, { taskState: 'powering_off' })],
    ['a task state that its step does not have', (t) => Object.assign(t.actions['stop'] ?? {}, { taskState: 'powering-on' })],
    ['a state that nobody knows', (t) => Object.assign(t.actions['start'] ?? {}, { vmStates: ['halted'] })],
    ['a record under another name', (t) => Object.assign(t.actions['start'] ?? {}, { recordedAs: 'begin' })],
    ['an end that nobody knows', (t) => Object.assign(t.operations['stop']?.ends ?? {}, { vmState: 'halted' })],
    ['a step without task states', (t) => Object.assign(first(t, 'start'), { tasks: [] })],
    ['a step whose message is not in the catalogue', (t) => Object.assign(first(t, 'start'), { message: { name: 'begin' } })],
    ['a failure that has no meaning', (t) => Object.assign(first(t, 'build'), { onFailure: 'retry' })],
    ['alternates without a claim for a build', (t) => Object.assign(t.operations['build'] ?? {}, { claim: 'kept' })],
    ['an event under another name', (t) => Object.assign(first(t, 'delete'), { event: 'terminate' })],
    ['an operation that no action asks for', (t) => Object.assign(t.actions['start'] ?? {}, { operation: undefined })],
    ['a delete that keeps its claim', (t) => Object.assign(t.operations['delete'] ?? {}, { claim: 'kept' })],
    ['a failure of nothing to be notified', (t) => Object.assign(first(t, 'build'), { notify: [] })],
    ['a migration in a status that nobody knows', (t) => Object.assign(first(t, 'resize'), { migration: 'moving' })],
    [
      'a move that ends without a word on its migration',
      (t) => Object.assign(t.operations['resize']?.ends ?? {}, { migration: undefined }),
    ],
    ['a step at the source of no move', (t) => Object.assign(first(t, 'stop'), { at: 'source' })],
    ['a host that is looked for and never arrived at', (t) => Object.assign(first(t, 'resize'), { arrival: undefined })],
    ['a claim of no migration', (t) => Object.assign(first(t, 'stop'), { undo: 'source-restored' })],
    ['a last step that something follows on', (t) => Object.assign(first(t, 'stop'), { done: { side: 'source' } })],
    ['a migration that its action does not name', (t) => Object.assign(t.actions['resize'] ?? {}, { migration: undefined })],
    ['an end that its own action starts from', (t) => Object.assign(t.operations['stop']?.ends ?? {}, { vmState: 'active' })],
  ];
  it.each(mutations)('are refused with %s', (_what, mutate) => {
    const broken = tables();
    mutate(broken);
    expect(tableFaults(broken as never, Object.values(messages))).not.toEqual([]);
  });
});

describe('a step', () => {
  it('is found by its name, once', () => {
    expect(new Set(STEP_NAMES).size).toBe(operations.flatMap((name) => operationRule(name).steps).length);
    expect(stepPlace('stop_instance')).toMatchObject({ operation: 'stop', next: undefined });
    expect(() => stepPlace('halt')).toThrow(TypeError);
  });
});

it('are drawn in the documentation', async () => {
  await expect(operationsPage()).toMatchFileSnapshot('../../../../docs/operations.md');
});
