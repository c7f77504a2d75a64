import 'reflect-metadata';
import { configured, healthSection, loadProcessConfig, logSection } from '@kilonova/config';
import { identitySection, identitySections, startIdentity } from '@kilonova/identity';
import { keystoneSection } from '@kilonova/identity-client';
import { imageSection, imageSections, startImage } from '@kilonova/image';
import { type Closeable, createLogger, runProcess } from '@kilonova/observability';
import { Command } from 'commander';

// Identity and image in one process, each configured by its own file: on one machine they have little to do, and a process
// of its own costs either more memory than its work.
const files = new Command('companions')
  .requiredOption('--identity <file>', 'YAML file of settings')
  .requiredOption('--image <file>', 'YAML file of settings')
  .parse()
  .opts<{ identity: string; image: string }>();
const identityConfig = configured(() => loadProcessConfig(identitySections, files.identity));
const imageConfig = configured(() => loadProcessConfig(imageSections, files.image));
const identity = identityConfig.get(identitySection);
const image = imageConfig.get(imageSection);

const startAll = async (): Promise<Closeable> => {
  const first = await startIdentity(identity, {
    logger: createLogger({ name: 'identity', level: identityConfig.get(logSection).level }),
    healthEndpoint: identityConfig.get(healthSection),
  });
  const logger = createLogger({ name: 'image', level: imageConfig.get(logSection).level });
  const second = await startImage(
    { image, keystone: imageConfig.get(keystoneSection) },
    { logger, healthEndpoint: imageConfig.get(healthSection) },
  );
  return { close: () => second.close().finally(() => first.close()) };
};

await runProcess(createLogger({ name: 'companions', level: identityConfig.get(logSection).level }), startAll);
