import { createServer, request } from 'node:http';

const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * A forward proxy for plain HTTP on loopback that keeps what passes.
 * @param {Record<string, string>} services name by `host:port`
 * @returns {Promise<{ url: string, take(): import('./compare.mjs').Exchange[], close(): void }>}
 */
export async function recordingProxy(services) {
  let seen = [];
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url);
    const onward = request(url, { method: incoming.method, headers: incoming.headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        seen.push({
          service: services[url.host] ?? url.host,
          method: incoming.method,
          path: `${url.pathname}${url.search}`,
          status: response.statusCode,
          resHeaders: response.headers,
          resBody: json(body.toString('utf8')),
        });
        outgoing.writeHead(response.statusCode, response.headers).end(body);
      });
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    take: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
    close: () => server.close(),
  };
}
