import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends connections on which no byte came or went for a while, in the middle of a request or of its response: a client
 * that has gone silent holds nothing for longer. One that waits for an answer of ours that is still being made is kept;
 * kept-alive connections between requests have their own limit.
 */
export function endIdleSockets(server: Server, idleMs: number): void {
  const responses = new WeakMap<Socket, ServerResponse>();
  server.timeout = idleMs;
  server.on('request', (request, response) => responses.set(request.socket, response));
  server.on('timeout', (socket: Socket) => {
    const response = responses.get(socket);
    const isOurTurn = response?.req.complete === true && !response.writableEnded && socket.writableLength === 0;
    if (isOurTurn) socket.setTimeout(idleMs);
    else socket.destroy();
  });
}
