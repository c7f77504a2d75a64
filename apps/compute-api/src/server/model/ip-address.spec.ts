import { describe, expect, it } from 'vitest';
import { canonicalIpV6 } from './ip-address.js';

describe('an IPv6 address', () => {
  it.each([
    ['0000:0000:0000:0000:0000:babe:220.12.22.2', '::babe:dc0c:1602'],
    ['2001:2001::3', '2001:2001::3'],
    ['FE80:0:0:0::1', 'fe80::1'],
  ])('%s is shown as %s', (given, shown) => {
    expect(canonicalIpV6(given)).toBe(shown);
  });
});
