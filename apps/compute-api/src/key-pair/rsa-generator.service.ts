import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { AppError, KeyedGate } from '@kilonova/util';
import { Injectable } from '@nestjs/common';

export interface RsaPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** DER, as it comes from the worker. */
interface Encoded {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/**
 * The worker's whole program: a key for each message. A thread of its own, as Node's pool, where asynchronous generation
 * runs, is also where database logins and file writes wait; a text, so that it runs from sources and from a build alike.
 */
const PROGRAM = `
  const { parentPort } = require('node:worker_threads');
  const { generateKeyPairSync } = require('node:crypto');
  parentPort.on('message', (modulusLength) => parentPort.postMessage(generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  })));`;

/** Keys of all users that wait for the worker, keys of one user that wait for their turn, and for how long. */
const WAITING = 64;
const WAITING_OF_USER = 4;
const WAIT_MS = 15_000;
/** Longest time for one key; a worker that takes longer is ended. */
const DEADLINE_MS = 20_000;

/** Makes RSA keys, one after another, one of each user at a time. */
@Injectable()
export class RsaGenerator {
  readonly #users = new KeyedGate({ concurrency: 1, queue: WAITING_OF_USER, waitMs: WAIT_MS }, 'key pairs');
  readonly #all = new KeyedGate({ concurrency: 1, queue: WAITING, waitMs: WAIT_MS }, 'key pairs');
  #worker: Worker | undefined;

  /** @throws AppError 429 when too many wait, `deadline` when it takes too long. */
  generate(userId: string, bits: number): Promise<RsaPair> {
    return this.#users.run(userId, () => this.#all.run('', () => this.#next(bits)));
  }

  /** For the end of the process. */
  async onModuleDestroy(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #next(bits: number): Promise<RsaPair> {
    const { publicKey, privateKey } = await this.#ask(bits);
    return {
      publicKey: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
      privateKey: createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' }),
    };
  }

  #ask(bits: number): Promise<Encoded> {
    const worker = this.#started();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        worker.off('message', made).off('error', fail).off('exit', fail);
        worker.unref();
      };
      const made = (encoded: Encoded): void => {
        end();
        resolve(encoded);
      };
      const fail = (cause?: unknown): void => {
        end();
        this.#worker = undefined;
        void worker.terminate();
        reject(notMade(cause));
      };
      const timer = setTimeout(fail, DEADLINE_MS);
      worker.on('message', made).on('error', fail).on('exit', fail);
      worker.ref();
      worker.postMessage(bits);
    });
  }

  /** Kept for the next key; it holds up no process that wants to end. */
  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(PROGRAM, { eval: true });
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    worker.on('error', forget).on('exit', forget);
    this.#worker = worker;
    return worker;
  }
}

const notMade = (cause: unknown): AppError =>
  new AppError({ kind: 'deadline', code: 'compute.key_pair.not_made', message: 'No key could be made in time.', cause });
