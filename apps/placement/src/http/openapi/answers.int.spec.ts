import { microversion } from '@kilonova/http';
import { expect, it } from 'vitest';
import { placementCheck } from '../../spec-support/answer-check.js';
import { apiTour } from '../../spec-support/api-tour.js';
import { usePlacement } from '../../spec-support/placement-under-test.js';
import { MAX_VERSION, minorOf } from '../versions.js';

const placement = usePlacement();
const minors = Array.from({ length: minorOf(microversion(MAX_VERSION)) + 1 }, (_, minor) => minor);

it.each(minors)('answers at 1.%i all that the document describes, and as it describes it', async (minor) => {
  const seen = await apiTour(placement.call, minor);
  expect([...seen].sort()).toEqual([...placementCheck.describedAt(`1.${minor}`)].sort());
});
