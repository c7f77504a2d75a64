import {
  type ConsoleOutcome,
  type ConsoleOutput,
  type DiagnosticsOutcome,
  type GetConsoleOutput,
  type GuestRef,
  type InjectionOutcome,
  type NothingTold,
  type OpenConsole,
  PowerState,
} from '@kilonova/compute-objects';
import { type Logger, logFields } from '@kilonova/observability';
import { LOGGER } from '@kilonova/service';
import { AppError, type Ctx } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { lastLines } from '../model/last-lines.js';
import { ConsoleProxies } from './console-proxies.js';

/** How long a hypervisor may take where the caller named no deadline. */
const PATIENCE_MS = 30_000;

/** Tells what the hypervisor of a host knows of one of its guests. What is not to be told is an outcome, not an error. */
@Injectable()
export class GuestDesk {
  constructor(
    private readonly hosts: ManagedHosts,
    private readonly proxies: ConsoleProxies,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'warn'>,
  ) {}

  consoleOutput(ctx: Ctx, args: GetConsoleOutput): Promise<ConsoleOutput> {
    return this.ask(ctx, args, async ({ driver }, signal) => ({
      outcome: 'told',
      output: lastLines(await driver.consoleOutput(args.instance_uuid, signal), args.length),
    }));
  }

  diagnostics(ctx: Ctx, args: GuestRef): Promise<DiagnosticsOutcome> {
    return this.ask<DiagnosticsOutcome>(ctx, args, async ({ driver, instances }, signal) => {
      const power_state = driver.powerState(args.instance_uuid);
      if (power_state !== PowerState.RUNNING) return { outcome: 'not-running', power_state };
      const instance = instances.get(args.instance_uuid);
      if (instance === undefined) return { outcome: 'absent' };
      return { outcome: 'told', diagnostics: await driver.diagnostics(instance, signal) };
    });
  }

  console(ctx: Ctx, { protocol, type, ...args }: OpenConsole): Promise<ConsoleOutcome> {
    const proxy = this.proxies.of(protocol, type);
    if (proxy.outcome !== 'open') return Promise.resolve(proxy);
    return this.ask<ConsoleOutcome>(ctx, args, async ({ driver }, signal) => {
      const address = await driver.console(args.instance_uuid, protocol, signal);
      return { outcome: 'told', console: { ...address, access_url_base: proxy.url } };
    });
  }

  injectNetworkInfo(ctx: Ctx, args: GuestRef): Promise<InjectionOutcome> {
    return this.ask<InjectionOutcome>(ctx, args, async ({ driver }, signal) => {
      await driver.injectNetworkInfo(args.instance_uuid, signal);
      return { outcome: 'told' };
    });
  }

  /** One question about a guest that is there. What the hypervisor does not have, or does not manage, is an outcome as well. */
  async ask<T>(
    ctx: Ctx,
    { host: name, instance_uuid }: GuestRef,
    question: (host: ManagedHost, signal: AbortSignal) => Promise<T>,
  ): Promise<T | NothingTold> {
    const host = this.hosts.get(name);
    if (!host.driver.guests().includes(instance_uuid)) return { outcome: 'absent' };
    const patienceMs = ctx.deadline === undefined ? PATIENCE_MS : Math.max(ctx.deadline - Date.now(), 1);
    try {
      return await question(host, AbortSignal.timeout(patienceMs));
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-implemented') return { outcome: 'unsupported' };
      this.log.warn({ ...logFields(ctx), err: error, host: name, instance: instance_uuid }, 'a guest was asked about in vain');
      return { outcome: 'failed' };
    }
  }
}
