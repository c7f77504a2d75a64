import { connect, createServer, type Server, type Socket } from 'node:net';
import { pause } from '@kilonova/util';

type Mode = 'pass' | 'blackhole' | 'refuse';

/** A TCP proxy on loopback in front of a server, to cut, silence and slow its connections in fault tests. */
export class TcpProxy {
  #mode: Mode = 'pass';
  #delayMs = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.#accept(client));
  }

  /** Starts a proxy in front of the server that a URL names (any scheme with an explicit port). */
  static async inFrontOf(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', () => resolve());
    });
    return new TcpProxy(server, { host: hostname, port: Number(port) });
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** How many connections pass through right now. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** The URL with this proxy in the server's place. */
  through(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    return changed.href;
  }

  /** Resets every connection; new ones are accepted again at once. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Resets every connection and any new one until `heal()`. */
  refuse(): void {
    this.#mode = 'refuse';
    this.cut();
  }

  /** Nothing passes in either direction, and nobody is told: the half-open connection. Undone by `heal()`. */
  blackhole(): void {
    this.#mode = 'blackhole';
    for (const socket of this.#sockets) socket.pause();
  }

  /** Holds every piece of data back for so long, in both directions. */
  delay(milliseconds: number): void {
    this.#delayMs = milliseconds;
  }

  /** Everything passes again, without delay. */
  heal(): void {
    this.#mode = 'pass';
    this.#delayMs = 0;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#mode === 'refuse') return void client.resetAndDestroy();
    const upstream = connect({ ...this.target, noDelay: true, allowHalfOpen: true });
    client.setNoDelay(true);
    this.#relay(client, upstream);
    this.#relay(upstream, client);
  }

  #relay(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    let queue: Promise<void> = Promise.resolve();
    const later = (act: () => void): void => {
      const ms = this.#delayMs;
      const held = ms > 0 ? pause(ms) : Promise.resolve();
      queue = queue.then(() => held).then(act);
    };
    from.on('data', (chunk) => later(() => to.destroyed || to.write(chunk)));
    from.on('end', () => later(() => to.destroyed || to.end()));
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      later(() => to.destroy());
    });
    if (this.#mode === 'blackhole') from.pause();
  }
}
