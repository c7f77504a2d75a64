import type { RawAnswer, RawRequest } from '@kilonova/testing';

const REQUEST_ID = /^req-[0-9a-f-]{36}$/;
/** Served without the API: nothing of its rules holds for them. */
const OUTSIDE = /^\/(healthcheck|livez|readyz|metrics)/;

/** What is wrong with an answer by the API's own rules; undefined when nothing is. */
export function answerFault(request: RawRequest, answer: RawAnswer): string | undefined {
  if (answer.status >= 500) return `a failure: ${answer.status} ${answer.body}`;
  if (answer.status < 400 || OUTSIDE.test(request.target)) return undefined;
  if (!REQUEST_ID.test(answer.headers.get('x-openstack-request-id') ?? '')) return 'no request id';
  if (request.method === 'HEAD') return undefined;
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) return pageFault(request, answer, type);
  return jsonFault(answer);
}

/** Only who asks for it gets an error as a page. */
function pageFault(request: RawRequest, { status, body }: RawAnswer, type: string): string | undefined {
  const accepts = request.headers.filter(
    ([name, value]) => name.toLowerCase() === 'accept' && !['', '*/*', 'application/json'].includes(value),
  );
  if (accepts.length === 0) return `an error of type "${type}" that nobody asked for`;
  return /^text\/(html|plain); charset=UTF-8$/.test(type) && body.includes(String(status))
    ? undefined
    : `a page "${type}": ${body}`;
}

function jsonFault({ status, headers, body }: RawAnswer): string | undefined {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return `no JSON: ${body}`;
  }
  if (status === 401) {
    const { message, code, title } = parsed;
    return typeof message === 'string' && code === '401 Unauthorized' && title === 'Unauthorized' ? undefined : `a 401: ${body}`;
  }
  const [error, more] = (parsed['errors'] as Record<string, unknown>[] | undefined) ?? [];
  if (error === undefined || more !== undefined) return `not one error: ${body}`;
  const right =
    error['status'] === status &&
    typeof error['title'] === 'string' &&
    typeof error['detail'] === 'string' &&
    error['request_id'] === headers.get('x-openstack-request-id') &&
    (error['code'] === undefined || /^placement\.[a-z._]+$/.test(String(error['code']))) &&
    (error['code'] !== undefined) === minorOf(headers) >= 23;
  return right ? undefined : `an error of another shape: ${body}`;
}

/** The microversion that was answered; errors before it was known have none, and no code. */
const minorOf = (headers: ReadonlyMap<string, string>): number =>
  Number(/^placement 1\.(\d+)$/.exec(headers.get('openstack-api-version') ?? '')?.[1] ?? 0);
