// A small client of the placement API over plain HTTP, with connections that stay open.
//
// A call is { method, path, body? }: the path begins with a slash, the body is a value to be sent as JSON.
// An answer is { status, bytes, text? }: how long its body was, and what it said unless it was a success. Bodies of successes are
// let go as they come, so that the times measured are the server's and not those of this program's garbage collection.
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/** How long one answer may take, milliseconds. */
const PATIENCE_MS = 120_000;

/**
 * Opens a client. `target` is { url, token, microversion }, `connections` the most that are open at once.
 * Close it at the end, or its connections keep the process alive.
 */
export function openClient(target, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = {
    accept: 'application/json',
    'x-auth-token': target.token,
    'openstack-api-version': `placement ${target.microversion}`,
  };
  const base = target.url.replace(/\/$/, '');
  const exchange = (call) => sendOnce(base + call.path, { agent, headers, method: call.method }, call.body);
  return {
    /** Sends a call and resolves to its answer, of whatever status. */
    send: (call) =>
      exchange(call).catch((error) => {
        if (error.connectionWasClosed) return exchange(call);
        throw error;
      }),
    close: () => agent.destroy(),
  };
}

/** Sends a call whose answer must be a success; throws with what the server said otherwise. */
export async function sendChecked(client, call) {
  const answer = await client.send(call);
  if (answer.status >= 300) {
    throw new Error(`${call.method} ${call.path} was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  }
  return answer;
}

function sendOnce(url, options, body) {
  return new Promise((resolve, reject) => {
    const message = request(url, options);
    message.on('response', (response) => readWhole(response).then(resolve, reject));
    message.on('error', (error) => {
      // A server may close an idle connection just as a call is sent on it: that call was not heard.
      error.connectionWasClosed = message.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code);
      reject(error);
    });
    message.setTimeout(PATIENCE_MS, () => message.destroy(new Error('no answer in time')));
    if (body !== undefined) message.setHeader('content-type', 'application/json');
    message.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** @throws Error when the connection is lost in between. */
async function readWhole(response) {
  const { statusCode: status } = response;
  let bytes = 0;
  const pieces = [];
  response.on('data', (piece) => {
    bytes += piece.length;
    if (status >= 300) pieces.push(piece);
  });
  await once(response, 'end');
  return status < 300 ? { status, bytes } : { status, bytes, text: Buffer.concat(pieces).toString() };
}
