import { badQuery, badRequest } from '../../errors.js';
import { isAmount } from '../../model/inventory.js';

const FORM = 'Expected resources query string parameter in form: ?resources=VCPU:2,MEMORY_MB:1024.';

/**
 * Reads `VCPU:2,MEMORY_MB:1024` into amounts by class name.
 * @throws AppError (400) when it is not of that form or an amount is not a whole number from 1 on.
 */
export function parseResources(value: string): ReadonlyMap<string, number> {
  if (value.trim() === '') throw badQuery(`Badly formed resources parameter. ${FORM} Got: empty string.`);
  const amounts = new Map<string, number>();
  for (const part of value.split(',')) {
    const [name, amount, ...rest] = part.split(':').map((each) => each.trim());
    if (!name || amount === undefined || rest.length > 0) throw badQuery(`Badly formed resources parameter. ${FORM} Got: ${value}.`);
    if (!/^[+-]?\d+$/.test(amount)) throw badRequest(`Requested resource ${name} expected positive integer amount. Got: ${amount}.`);
    if (!isAmount(Number(amount))) throw badRequest(`Requested resource ${name} requires amount >= 1. Got: ${amount}.`);
    amounts.set(name, Number(amount));
  }
  return amounts;
}
