/**
 * Adds the steps of a run to vitest's report. A test file that could not even be loaded has no tests to count, so it counts
 * as one failure; a test step that failed without any failed test (an unhandled rejection, say) counts as one too.
 * @param {{ name: string, ok: boolean }[]} steps
 * @param {{ testResults: { name: string, status: string, assertionResults: { status: string, fullName: string }[] }[] } | undefined} report
 * @param {(file: string) => string} shorten
 */
export function summarize(steps, report, shorten = (file) => file) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap(({ name, assertionResults }) => assertionResults.map((test) => ({ ...test, file: shorten(name) })));
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failures = [
    ...tests.filter(({ status }) => status === 'failed').map(({ file, fullName }) => `${file}: ${fullName}`),
    ...broken.map(({ name }) => `${shorten(name)} could not be run`),
  ];
  const unexplained = steps.filter(({ name, ok }) => !ok && (name !== 'tests' || failures.length === 0));
  failures.push(...unexplained.map(({ name }) => `step ${name}`));
  return {
    passed:
      tests.filter(({ status }) => status === 'passed').length + steps.filter(({ name, ok }) => ok && name !== 'tests').length,
    failed: failures.length,
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length,
    failures,
  };
}
