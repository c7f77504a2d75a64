import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A proxy before a TCP server that can cut its connections, refuse new ones, or swallow all bytes (a half-open line). */
export class TcpProxy {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #blackhole = false;
  #refusing = false;

  private constructor(
    private readonly server: Server,
    private readonly upstreamPort: number,
  ) {
    server.on('connection', (client) => this.#accept(client));
  }

  static async start(upstreamPort: number): Promise<TcpProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, upstreamPort);
  }

  /** The URL with this proxy's port in place of the server's. */
  urlOf(url: string): string {
    const proxied = new URL(url);
    const address = this.server.address();
    proxied.port = String(address !== null && typeof address === 'object' ? address.port : 0);
    return proxied.toString();
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  /** Bytes of connections that are open now or opened later vanish, in both directions. */
  blackhole(on: boolean): void {
    this.#blackhole = on;
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#refusing) return void client.destroy();
    const upstream = connect(this.upstreamPort, '127.0.0.1');
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    this.#pump(client, upstream);
    this.#pump(upstream, client);
    client.on('close', () => this.#pairs.delete(pair));
  }

  #pump(from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      if (!this.#blackhole) to.write(bytes);
    });
    from.on('error', () => undefined);
    from.on('close', () => to.destroy());
  }
}
