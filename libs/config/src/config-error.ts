import { AppError } from '@kilonova/util';

/** One thing wrong with the configuration: where, and what. */
export interface ConfigFault {
  /** `database.url`, or the name of a file or variable. */
  readonly where: string;
  readonly fault: string;
  /** Which source gave the value; absent when none did. */
  readonly origin?: string;
}

/** Thrown at start with every fault found, never just the first. */
export class ConfigError extends AppError {
  constructor(readonly faults: readonly ConfigFault[]) {
    const lines = faults.map(
      ({ where, fault, origin }) => `  ${where}: ${fault}${origin === undefined ? '' : ` (from ${origin})`}`,
    );
    super({
      kind: 'invalid-input',
      code: 'config.invalid',
      message: `The configuration is wrong:\n${lines.join('\n')}`,
      details: { faults },
    });
  }
}
