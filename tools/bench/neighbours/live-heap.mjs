import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BYTES_PER_MB = 1024 * 1024;
/** Where Node opens its inspector when it is sent SIGUSR1. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const TRIES = 100;

/**
 * What the objects of a service's process take that are still in use, asked through Node's inspector after a full collection:
 * memory that is only not collected yet is no growth.
 */
export class LiveHeap {
  #asked = 0;
  #waiting = new Map();

  constructor(socket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(data);
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  /** Of the Compute API: of a process of its own, or of the one that all share. @param runFolder that of pid files */
  static async open(runFolder) {
    const own = join(runFolder, 'compute-api.pid');
    const file = existsSync(own)
      ? own
      : join(
          runFolder,
          readdirSync(runFolder).find((name) => name.endsWith('.pid')),
        );
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await debuggerUrl());
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('the inspector does not answer')));
    });
    const heap = new LiveHeap(socket);
    const inspected = await heap.#evaluate('process.pid');
    if (inspected !== pid) throw new Error(`port 9229 is the inspector of process ${inspected}, not of the Compute API`);
    return heap;
  }

  /** Megabytes, on the heap and of buffers beside it. */
  async megabytes() {
    // The first collection runs finalizers, whose objects are collected with the second.
    for (let round = 0; round < 2; round++) await this.#ask('HeapProfiler.collectGarbage');
    const used = await this.#evaluate('(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())');
    return used / BYTES_PER_MB;
  }

  /** Leaves the process as it was. */
  close() {
    this.socket.send(
      JSON.stringify({
        id: 0,
        method: 'Runtime.evaluate',
        params: { expression: "setImmediate(() => process.getBuiltinModule('node:inspector').close())" },
      }),
    );
    this.socket.close();
  }

  async #evaluate(expression) {
    return (await this.#ask('Runtime.evaluate', { expression, returnByValue: true })).result.value;
  }

  #ask(method, params = {}) {
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }
}

async function debuggerUrl() {
  for (let tries = 0; tries < TRIES; tries++) {
    const targets = await fetch(INSPECTOR).then(
      (answer) => answer.json(),
      () => [],
    );
    if (targets.length > 0) return targets[0].webSocketDebuggerUrl;
    await sleep(50);
  }
  throw new Error(`nothing answers at ${INSPECTOR}`);
}
