import { describeComputeApi } from '@kilonova/compute-api';
import { Command } from 'commander';

/** `kilonova compute openapi`: the Compute API by itself. */
export const computeCommand = (): Command =>
  new Command('compute')
    .description('The Compute API by itself.')
    .addCommand(
      new Command('openapi')
        .description('Print it as an OpenAPI 3.1 document, JSON. Needs neither configuration nor database.')
        .action(() => print(JSON.stringify(describeComputeApi(), null, 2))),
    );

const print = (text: string): void => void process.stdout.write(`${text}\n`);
