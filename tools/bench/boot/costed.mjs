import { join } from 'node:path';
import { brokerMessages } from './broker.mjs';
import { usageByService } from './processes.mjs';

/**
 * Runs a load, and finds what each of its operations cost: milliseconds of CPU by service, and the broker's messages where its URL is
 * known. The clients' polling is in it.
 * @param {{ 'state-dir': string, amqp?: string, 'amqp-management'?: string }} values
 * @param {() => Promise<{ result: R, count: number }>} work `count`: how many operations it was
 * @returns {Promise<[R, { cpuMs: Record<string, number>, messages?: { published: number, delivered: number } }]>}
 * @template R
 */
export async function costed(values, work) {
  const folder = join(values['state-dir'], 'run');
  const messages = () => brokerMessages(values.amqp, values['amqp-management']);
  const [sentBefore, before] = [await messages(), usageByService(folder)];
  const { result, count } = await work();
  const after = usageByService(folder);
  const sentAfter = await messages();
  const each = (from, to) => (to - from) / count;
  const cpuMs = [...after].map(([name, { cpuSeconds }]) => [name, each(before.get(name)?.cpuSeconds ?? 0, cpuSeconds) * 1000]);
  const sent = sentAfter && {
    published: each(sentBefore.published, sentAfter.published),
    delivered: each(sentBefore.delivered, sentAfter.delivered),
  };
  return [result, { cpuMs: Object.fromEntries(cpuMs), messages: sent }];
}
