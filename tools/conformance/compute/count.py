"""Counts a subunit stream against the list of tests that were to run.

    count.py LIST RESULTS.subunit

Names what failed; a listed test without a result has failed. The last line is `N passed, M failed[, K skipped]`.
"""
import sys

import subunit
import testtools


def statuses(path):
    """The last status of each test id."""
    seen = {}

    class Collector(testtools.StreamResult):
        def status(self, test_id=None, test_status=None, **_):
            if test_id is not None and test_status not in (None, 'exists', 'inprogress'):
                seen[test_id] = test_status

    with open(path, 'rb') as stream:
        subunit.ByteStreamToStreamResult(stream, non_subunit_name='output').run(Collector())
    return seen


def main(list_file, results):
    with open(list_file, encoding='utf-8') as lines:
        wanted = [line.strip() for line in lines if line.strip() and not line.startswith('#')]
    seen = statuses(results)
    skipped = [test for test in wanted if seen.get(test) == 'skip']
    failed = [test for test in wanted if seen.get(test) not in ('success', 'xfail', 'skip')]
    for test in failed:
        print('FAILED', test, f"({seen.get(test, 'did not run')})")
    for test in sorted(set(seen) - set(wanted)):
        if seen[test] == 'fail':
            print('FAILED', test)
    tail = f', {len(skipped)} skipped' if skipped else ''
    print(f'{len(wanted) - len(failed) - len(skipped)} passed, {len(failed)} failed{tail}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
