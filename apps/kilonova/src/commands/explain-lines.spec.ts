import type { SchedulingRecord } from '@kilonova/api-db';
import { expect, it } from 'vitest';
import { explainLines } from './explain-lines.js';

const verdict = {
  host: 'h7',
  provider_uuid: null,
  stage: 'filter',
  rule: 'ComputeFilter',
  reason: 'the compute service is disabled',
} as const;
const record = (over: Partial<SchedulingRecord> = {}): SchedulingRecord => ({
  request_id: 'req-1',
  instance_uuid: 'i1',
  outcome: 'selected',
  reason: '',
  verdicts: [verdict],
  created_at: new Date('2026-01-31T10:00:00Z'),
  trace: {
    questions: [{ query: 'resources=VCPU%3A1&limit=200', offered: 200, is_cut: true }],
    refused: [{ stage: 'filter', rule: 'ComputeFilter', hosts: 14 }],
    best: [
      { host: 'h2', weight: 2.5, weights: { ram: 1, cpu: 1.5 } },
      { host: 'h4', weight: 1, weights: { ram: 1 } },
    ],
    placed: [{ instance: 'i1', host: 'h3', alternates: ['h2'] }],
  },
  ...over,
});

it('tells where a server is, what each rule removed, and how the best of the rest compare', () => {
  expect(explainLines(record()).split('\n')).toEqual([
    'req-1, 2026-01-31T10:00:00.000Z: server i1 was placed on h3 (alternates h2).',
    'Placement offered 200 hosts, and may have more, for resources=VCPU:1&limit=200',
    '',
    'removed by             hosts  for example',
    '---------------------  -----  -----------------------------------',
    'filter: ComputeFilter  14     h7: the compute service is disabled',
    '',
    'best of the rest  weight  ram   cpu',
    '----------------  ------  ----  ----',
    'h2                2.50    1.00  1.50',
    'h4                1.00    1.00  0.00',
  ]);
});

it('tells why there is no host, also where the release before kept the record', () => {
  const lines = explainLines(record({ outcome: 'no-valid-host', reason: 'There are not enough hosts available.', trace: null }));
  expect(lines).toContain('server i1 found no host. There are not enough hosts available.');
  expect(lines).toMatch(/filter: ComputeFilter {2}1 +h7: the compute service is disabled/);
});

it('gives a terminal no control characters of strangers', () => {
  expect(explainLines(record({ reason: '', verdicts: [{ ...verdict, reason: '\u001b[2J' }] }))).not.toContain('\u001b');
});
