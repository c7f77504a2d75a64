import { stringify } from 'yaml';
import { BROKER_LIMITS, brokerDefinitions, ownMessaging } from '../broker/index.js';
import type { CloudLayout } from '../up/cloud-layout.js';
import { identitySeed } from '../up/identity-seed.js';
import { type ServicePlan, servicePlans } from '../up/service-plan.js';
import { serviceUsers } from '../up/service-users.js';
import type { UpOptions } from '../up/up-options.js';
import { brokerUrl, databaseSecret, databaseUrl, type Secrets, SUPERUSER, schedulerRole } from './compose-layout.js';

/** A file that one container finds in its folder of settings, and no other container does. */
export interface ContainerFile {
  readonly container: string;
  readonly name: string;
  readonly text: string;
  /** Of a server whose image has a user of its own, so readable by all of that container. */
  readonly foreign: boolean;
}

/** Where a container finds its settings, and where it keeps what must survive it. */
const SETTINGS = '/etc/kilonova';
const STATE = '/var/lib/kilonova';

const inContainer = (...parts: string[]): string =>
  (parts[0] === 'config' ? [SETTINGS, ...parts.slice(1)] : [STATE, ...parts]).join('/');

/** All files of all containers. Each gets the secrets that it works with and no others. */
export function containerFiles(options: UpOptions, layout: CloudLayout, secret: Secrets): readonly ContainerFile[] {
  const plans = servicePlans(options, layout, { path: inContainer, secret });
  const definitions = JSON.stringify(brokerDefinitions(layout, secret), null, 2);
  return [
    ...plans.map((plan) => settingsOf(plan, options, secret)),
    { container: 'identity', name: 'identity-seed.yaml', text: seed(layout, plans, secret), foreign: false },
    { container: 'postgres', name: 'password', text: secret(databaseSecret(SUPERUSER)), foreign: true },
    { container: 'rabbitmq', name: 'definitions.json', text: definitions, foreign: true },
    { container: 'rabbitmq', name: 'rabbitmq.conf', text: BROKER_CONF, foreign: true },
  ];
}

const BROKER_CONF = `load_definitions = ${SETTINGS}/definitions.json\nlisteners.tcp.default = 5672\n${BROKER_LIMITS}`;

const seed = (layout: CloudLayout, plans: readonly ServicePlan[], secret: Secrets): string =>
  identitySeed(layout, { admin: secret('admin-password'), demo: secret('demo-password') }, serviceUsers(plans));

function settingsOf(plan: ServicePlan, options: UpOptions, secret: Secrets): ContainerFile {
  const config = { ...plan.config, ...containerSections(plan, options, secret) };
  return { container: plan.name, name: 'config.yaml', text: stringify(config), foreign: false };
}

/** The broker under a name of one's own; the rest by what the service does. */
const containerSections = (plan: ServicePlan, options: UpOptions, secret: Secrets): ServicePlan['config'] => ({
  ...ownMessaging(plan, (user, name) => brokerUrl(user, secret, name)),
  ...otherSections(plan, options, secret),
});

/** Health on a port of its own, that the container alone can ask; databases under a role that does what the service does. */
function otherSections({ app, config }: ServicePlan, options: UpOptions, secret: Secrets): ServicePlan['config'] {
  const health = { host: '127.0.0.1', port: 9000 };
  if (app === 'scheduler') {
    const { databasePrefix: prefix } = options;
    return { health, apiDatabase: { url: databaseUrl(schedulerRole(prefix), secret, `${prefix}_api`) } };
  }
  if (app === 'placement') return { health, database: { ...config['database'], syncOnStartup: false } };
  return { health };
}
