import { connect } from 'node:net';

/** A request as it goes over the wire; nothing in it needs to be right. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
  /** A header tells of a body that is not the one sent, so that the server may wait for more. */
  readonly isCut: boolean;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** An answer has to come within this, whatever was asked. */
const DEADLINE_MS = 20_000;

export function bytesOf({ method, target, headers, body }: RawRequest): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`, 'latin1'),
    typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  ]);
}

/** How long the rest of a body that never comes is waited for, before the connection is given up. */
const PATIENCE_MS = 150;

/** Sends a request on a connection of its own and reads until the server closes. @returns undefined when more was waited for. */
export function exchange(url: string, request: RawRequest): Promise<RawAnswer | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    const waits = request.isCut;
    const timer = setTimeout(
      () => socket.destroy(waits ? undefined : new Error(`no answer within ${DEADLINE_MS} ms`)),
      waits ? PATIENCE_MS : DEADLINE_MS,
    );
    let failure: Error | undefined;
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error) => {
      failure = error;
    });
    socket.on('close', () => {
      clearTimeout(timer);
      if (waits && chunks.length === 0) return resolve(undefined);
      try {
        // A server that refuses early may reset while we still send; what it said before is its answer.
        resolve(parse(Buffer.concat(chunks)));
      } catch (error) {
        reject(failure ?? error);
      }
    });
    socket.write(bytesOf(request));
  });
}

/** `100 Continue` comes before the answer itself. */
const INTERIM = /^HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n/;

function parse(answer: Buffer): RawAnswer {
  const [head = '', ...rest] = answer.toString('utf8').replace(INTERIM, '').split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1];
  if (status === undefined) throw new Error(`no HTTP answer: "${first}"`);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = rest.join('\r\n\r\n');
  return { status: Number(status), headers, body: headers.get('transfer-encoding') === 'chunked' ? unchunked(body) : body };
}

const unchunked = (body: string): string => body.replace(/(^|\r\n)[0-9a-f]+\r\n/gi, '');
