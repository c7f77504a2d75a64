import { randomInt } from 'node:crypto';

const SMALL = 'abcdefghijkmnopqrstuvwxyz';
const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const DIGITS = '23456789';
const PASSWORD_LENGTH = 12;

type Pick = (below: number) => number;

const some = (alphabet: string, count: number, pick: Pick): string =>
  Array.from({ length: count }, () => alphabet[pick(alphabet.length)]).join('');

/** Twelve letters and digits that are not mistaken for each other, at least one of each kind. @param pick a whole number in [0, n) */
export function randomPassword(pick: Pick = randomInt): string {
  const sure = [some(SMALL, 1, pick), some(CAPITALS, 1, pick), some(DIGITS, 1, pick)];
  const all = [...sure, ...some(SMALL + CAPITALS + DIGITS, PASSWORD_LENGTH - sure.length, pick)];
  for (let i = all.length - 1; i > 0; i--) {
    const other = pick(i + 1);
    [all[i], all[other]] = [all[other] as string, all[i] as string];
  }
  return all.join('');
}

/** `r-4grqi0tp`: names the servers of one request. */
export const reservationId = (pick: Pick = randomInt): string => `r-${some('abcdefghijklmnopqrstuvwxyz0123456789', 8, pick)}`;
