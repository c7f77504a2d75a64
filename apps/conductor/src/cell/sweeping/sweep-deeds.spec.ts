import { createMetrics } from '@kilonova/observability';
import { expect, it } from 'vitest';
import { SweepDeeds } from './sweep-deeds.js';

it('counts each of the deeds, from nought', async () => {
  const metrics = createMetrics({ service: 'test' });
  const deeds = new SweepDeeds(metrics);
  expect(deeds.count({ sent_again: 2, rescheduled_again: 0, placed_again: 0, moved_on: 1, given_up: 0, admitted: 0 })).toBe(3);
  deeds.count({ sent_again: 1, rescheduled_again: 0, placed_again: 0, moved_on: 0, given_up: 0, admitted: 0 });
  const shown = [...(await metrics.registry.metrics()).matchAll(/^kilonova_operations_swept_total\{deed="(\w+)".*\} (\d+)$/gm)];
  expect(shown.map(([, deed, count]) => `${deed} ${count}`)).toEqual([
    'sent_again 3',
    'rescheduled_again 0',
    'placed_again 0',
    'moved_on 1',
    'given_up 0',
    'admitted 0',
  ]);
});
