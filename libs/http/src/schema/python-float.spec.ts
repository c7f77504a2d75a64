import { expect, it } from 'vitest';
import { pythonFloat, pythonFloatText } from './python-float.js';

it.each([
  [1, '1.0'],
  [0, '0.0'],
  [-2, '-2.0'],
  [16.5, '16.5'],
  [0.1, '0.1'],
  [0.00025, '0.00025'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [-0.0000125, '-1.25e-05'],
  [123456789, '123456789.0'],
  [9007199254740991, '9007199254740991.0'],
  [1e16, '1e+16'],
  [3.40282e38, '3.40282e+38'],
])('writes %f as Python does', (value, text) => {
  expect(pythonFloatText(value)).toBe(text);
  expect(JSON.stringify({ ratio: pythonFloat(value) })).toBe(`{"ratio":${text}}`);
  expect(JSON.parse(text)).toBe(value);
});
