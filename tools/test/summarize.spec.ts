import { expect, test } from 'vitest';
import { summarize } from './summarize.mjs';

const file = (name: string, status: string, ...tests: string[]) => ({
  name,
  status,
  assertionResults: tests.map((one, index) => ({ status: one, fullName: `test ${index}` })),
});

test('passed tests and steps are counted, the test step itself is not', () => {
  const steps = [
    { name: 'build', ok: true },
    { name: 'tests', ok: true },
  ];
  const report = { testResults: [file('a', 'passed', 'passed', 'passed', 'skipped')] };
  expect(summarize(steps, report)).toEqual({ passed: 3, failed: 0, skipped: 1, failures: [] });
});

test('a failed step fails the run', () => {
  expect(summarize([{ name: 'lint', ok: false }], { testResults: [] })).toMatchObject({ failed: 1, failures: ['step lint'] });
});

test('a file that could not be loaded counts as one failure', () => {
  const report = { testResults: [file('a', 'failed'), file('b', 'failed', 'passed', 'failed')] };
  expect(summarize([{ name: 'tests', ok: false }], report)).toMatchObject({
    passed: 1,
    failed: 2,
    failures: ['b: test 1', 'a could not be run'],
  });
});

test('a test step that failed without a failed test, or wrote no report, counts as one failure', () => {
  const steps = [{ name: 'tests', ok: false }];
  expect(summarize(steps, { testResults: [file('a', 'passed', 'passed')] })).toMatchObject({ passed: 1, failed: 1 });
  expect(summarize(steps, undefined)).toMatchObject({ passed: 0, failed: 1, failures: ['step tests'] });
});
