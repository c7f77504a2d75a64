/** A configuration that a process refuses to start with; the message lists every fault on a line of its own. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`the configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
