import { describe, expect, it } from 'vitest';
import { flavor, requestSpec } from '../testing/builders.js';
import { imageTraitFault } from './image-traits.js';

const image = (properties: Record<string, string>) => ({ id: 'i', properties }) as never;
const fault = (properties: Record<string, string>, present: string[], extra_specs: Record<string, string> = {}) =>
  imageTraitFault(requestSpec({ image: image(properties), flavor: flavor(extra_specs) }), new Set(present));

describe('S0-12: an image for a server that stays where it is', () => {
  it.each([
    ['without traits', {}, [], undefined],
    ['with a trait that is there', { 'trait:HW_A': 'required' }, ['HW_A'], undefined],
    ['with a trait that is missing', { 'trait:HW_A': 'required' }, ['HW_B'], 'cannot be satisfied'],
    ['with something else of a trait', { 'trait:HW_A': 'preferred' }, [], undefined],
  ])('%s', (_what, properties, present, expected) => {
    if (expected === undefined) expect(fault(properties, present)).toBeUndefined();
    else expect(fault(properties, present)).toContain(expected);
  });

  it('with a trait that its flavor forbids', () => {
    expect(fault({ 'trait:HW_A': 'required' }, ['HW_A'], { 'trait:HW_A': 'forbidden' })).toContain('forbidden traits');
  });
});
