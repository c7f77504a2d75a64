import type { RawAnswer, RawRequest } from './raw-exchange.js';

/** How an API says that something is wrong: what is not right about a body, undefined when nothing is. */
export type ErrorShape = (status: number, body: string) => string | undefined;

const REQUEST_ID = /^req-[0-9a-f-]{36}$/;
/** Served without the API: nothing of its rules holds for them. */
const OUTSIDE = /^\/(healthcheck|livez|readyz|metrics)/;

/** What is wrong with an answer by the API's own rules; undefined when nothing is. */
export function answerFault(request: RawRequest, answer: RawAnswer, shape: ErrorShape): string | undefined {
  const { status, headers, body } = answer;
  // 501 is what the Compute API says of what a hypervisor cannot do; it is no failure.
  if (status >= 500 && status !== 501) return `a failure: ${status} ${body.slice(0, 300)}`;
  if (status < 400 || OUTSIDE.test(request.target)) return undefined;
  if (!REQUEST_ID.test(headers.get('x-openstack-request-id') ?? '')) return 'no request id';
  if (request.method === 'HEAD' || body === '') return undefined;
  return shape(status, body);
}
