import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.js';

const piece = fc.string({ unit: 'binary', maxLength: 40 });

it('holds what was put, in its order, however small it began', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ text: piece, ready: fc.boolean() })),
      fc.integer({ min: 0, max: 20 }),
      (pieces, expected) => {
        const out = new ByteWriter(expected);
        for (const { text, ready } of pieces) ready ? out.bytes(Buffer.from(text)) : out.text(text);
        const whole = Buffer.from(pieces.map(({ text }) => Buffer.from(text).toString()).join(''));
        expect(out.length).toBe(whole.length);
        expect(out.finish().equals(whole)).toBe(true);
      },
    ),
  );
});

it('copies over places that were left', () => {
  const out = new ByteWriter(1);
  out.text('abc---');
  out.copyWithin(3, 0, 3);
  expect(out.finish().toString()).toBe('abcabc');
});
