import { type Logger, passStartChecks, type StartChecks } from '@kilonova/observability';
import type { FactoryProvider, InjectionToken, OnModuleInit } from '@nestjs/common';
import { LOGGER } from './tokens.js';

class StartGate implements OnModuleInit {
  constructor(
    private readonly logger: Logger,
    private readonly checks: StartChecks,
  ) {}

  onModuleInit(): Promise<void> {
    return passStartChecks(this.logger, this.checks);
  }
}

/**
 * A provider that keeps a service from starting where it could not work; see `passStartChecks`.
 * @param inject what the checks are made of
 */
export const startGate = <Parts extends unknown[]>(
  inject: readonly InjectionToken[],
  checks: (...parts: Parts) => StartChecks,
): FactoryProvider => ({
  provide: StartGate,
  useFactory: (logger: Logger, ...parts: Parts) => new StartGate(logger, checks(...parts)),
  inject: [LOGGER, ...inject],
});
