import { describe, expect, it } from 'vitest';
import { LoginThrottle } from './login-throttle.js';

const RULE = { free: 2, maxDelayMs: 4_000 };
const refusal = { kind: 'quota', code: 'identity.login.too_many' };

function throttleAt(start = 0) {
  const clock = { now: start };
  return { clock, throttle: new LoginThrottle(RULE, () => clock.now) };
}

describe('M4: failed logins', () => {
  it('cost nothing at first, then twice as long each time, up to a limit', () => {
    const { clock, throttle } = throttleAt();
    const who = { user: 'u', address: 'a' };
    const waits: number[] = [];
    for (let failure = 0; failure < 6; failure++) {
      throttle.failed(who);
      try {
        throttle.admit(who);
        waits.push(0);
      } catch (error) {
        const { laterMs } = (error as { retry: { laterMs: number } }).retry;
        waits.push(laterMs);
        clock.now += laterMs;
      }
      throttle.admit(who);
    }
    expect(waits).toEqual([0, 0, 1000, 2000, 4000, 4000]);
  });

  it('from one address keep the user out there, hardly elsewhere', async () => {
    const { throttle } = throttleAt();
    for (let failure = 0; failure < 9; failure++) throttle.failed({ user: 'u', address: 'attacker' });
    expect(() => throttle.admit({ user: 'u', address: 'attacker' })).toThrow(expect.objectContaining(refusal));
    expect(() => throttle.admit({ user: 'u', address: 'home' })).not.toThrow();
    await expect(throttle.inTurn({ user: 'other', address: 'attacker' }, async () => 1)).rejects.toMatchObject(refusal);
    expect(await throttle.inTurn({ user: 'u', address: 'home' }, async () => 1)).toBe(1);
  });

  it('from other addresses of the same IPv6 network count as from one', () => {
    const { throttle } = throttleAt();
    for (let failure = 0; failure < 3; failure++) throttle.failed({ user: 'u', address: `2001:db8::${failure}` });
    expect(() => throttle.admit({ user: 'u', address: '2001:db8::ffff' })).toThrow(expect.objectContaining(refusal));
    expect(() => throttle.admit({ user: 'u', address: '2001:db8:0:1::1' })).not.toThrow();
  });

  it('are forgiven by a login that succeeds, and forgotten after a quarter of an hour', () => {
    const { clock, throttle } = throttleAt();
    const who = { user: 'u', address: 'a' };
    for (let failure = 0; failure < 3; failure++) throttle.failed(who);
    throttle.succeeded(who);
    expect(() => throttle.admit(who)).not.toThrow();
    for (let failure = 0; failure < 3; failure++) throttle.failed(who);
    clock.now += 900_000;
    throttle.failed(who);
    expect(() => throttle.admit(who)).not.toThrow();
  });
});

it('M4: a user has at most four checks under way, an address eight', async () => {
  const { throttle } = throttleAt();
  const ends: Array<() => void> = [];
  const hold = (user: string) => throttle.inTurn({ user, address: 'a' }, () => new Promise<void>((end) => void ends.push(end)));
  const held = [...Array(4).fill('u'), ...Array(4).fill('v')].map(hold);
  await expect(throttle.inTurn({ user: 'u', address: 'b' }, async () => 1)).rejects.toMatchObject(refusal);
  await expect(throttle.inTurn({ user: 'w', address: 'a' }, async () => 1)).rejects.toMatchObject(refusal);
  for (const end of ends) end();
  await Promise.all(held);
  expect(await throttle.inTurn({ user: 'u', address: 'a' }, async () => 1)).toBe(1);
});
