import { addImport, append, formatted, insertBefore, intoList, spellings } from './edit.mjs';

const OPERATIONS = 'libs/compute-objects/src/operations';
const ACTIONS = 'apps/compute-api/src/server/actions';

/**
 * An action on a server as CONTRIBUTING.md lists it, from the API's route to the method of the driver: it is accepted of an
 * active server, its agent does one step, and the server is as it was. What differs is changed afterwards.
 * @param {import('./edit.mjs').Tree} tree
 * @param {{ name: string, key?: string, policy?: string }} options
 */
export default function action(tree, { name, key, policy }) {
  const names = spellings(name);
  const made = { ...names, key: key ?? names.camel, policy: policy ?? `os_compute_api:os-${name}` };
  if (tree.exists(`${ACTIONS}/${name}`)) throw new Error(`${ACTIONS}/${name} is there already`);
  addTables(tree, made);
  addDriver(tree, made);
  addStep(tree, made);
  addApi(tree, made);
  addWay(tree, made);
  const format = formatted(tree);
  return () => {
    format();
    console.log(nextSteps(made));
  };
}

function addTables(tree, { camel, snake }) {
  append(
    tree,
    'libs/compute-objects/src/messages/step.messages.ts',
    `export const ${camel}Instance = stepMessage('${snake}_instance');\n`,
  );
  insertBefore(
    tree,
    `${OPERATIONS}/operation-table.ts`,
    '} satisfies Readonly<Record<string, OperationRule>>;',
    `  ${camel}: {
    actions: ['${camel}'],
    steps: [short(message.${camel}Instance, null)],
    ends: { vmState: 'unchanged' },
    claim: 'kept',
    preempts: false,
  },\n`,
  );
  insertBefore(
    tree,
    `${OPERATIONS}/action-table.ts`,
    '} as const satisfies Readonly<Record<string, ActionRule>>;',
    `  ${camel}: { ...LAUNCHED, vmStates: ['active'], host: 'needed', recordedAs: '${camel}', operation: '${camel}' },\n`,
  );
}

/** How a client asks for it: for the suite that kills agents and conductors in the middle of each step. */
function addWay(tree, { camel, key }) {
  const cases = 'apps/e2e/src/spec-support/step-cases.ts';
  insertBefore(tree, cases, '  rollBackLiveMigration: undefined,', `  ${camel}: { ask: { ${key}: null } },\n`);
}

function addDriver(tree, { camel }) {
  insertBefore(
    tree,
    'libs/virt/src/virt-driver.port.ts',
    '  /** Uuids of the guests on this host. */',
    `  /** @throws Error when there is no such guest. */
  abstract ${camel}(instanceUuid: string, signal: AbortSignal): Promise<void>;\n\n`,
  );
  insertBefore(
    tree,
    'libs/virt/src/fake/fake.driver.ts',
    '  guests(): readonly string[] {',
    `  async ${camel}(instanceUuid: string, signal: AbortSignal): Promise<void> {
    this.#guest(instanceUuid);
    await this.#work('${camel}', signal);
  }\n\n`,
  );
}

function addStep(tree, { kebab, camel, snake, pascal }) {
  tree.write(
    `apps/compute-agent/src/steps/${kebab}-instance.step.ts`,
    `import { messages, type StepUpdates } from '@kilonova/compute-objects';
import { Step, StepOf, type StepWork } from '../operation/step.js';

/** Has the driver do it. */
@StepOf(messages.${camel}Instance)
export class ${pascal}Instance extends Step<'${snake}_instance'> {
  declare readonly name: '${snake}_instance';

  async run({ driver, instance, signal }: StepWork<'${snake}_instance'>): Promise<StepUpdates> {
    await driver.${camel}(instance.uuid, signal);
    return {};
  }
}
`,
  );
  const handlers = 'apps/compute-agent/src/handlers.ts';
  addImport(tree, handlers, `import { ${pascal}Instance } from './steps/${kebab}-instance.step.js';`);
  intoList(tree, handlers, 'export const STEPS = [', `${pascal}Instance`);
}

function addApi(tree, { kebab, camel, pascal, key, policy }) {
  const folder = `${ACTIONS}/${kebab}`;
  tree.write(
    `${folder}/${kebab}.schema.ts`,
    `import { always, anything, wrapped } from '../../../common/schema-kit.js';

export const ${camel} = always(wrapped('${key}', anything));
`,
  );
  tree.write(
    `${folder}/${kebab}.controller.ts`,
    `import { type ApiReply, type ApiRequest, accepted } from '@kilonova/http';
import { Injectable } from '@nestjs/common';
import { AcceptAction } from '../../core/accept-action.service.js';
import { serverId } from '../../core/server-id.js';

/** \`${key}\`: accepted where the action table allows it. */
@Injectable()
export class ${pascal}Controller {
  constructor(private readonly acceptAction: AcceptAction) {}

  async ${camel}(request: ApiRequest): Promise<ApiReply> {
    await this.acceptAction.run(request.ctx, request, serverId(request), '${camel}', {});
    return accepted();
  }
}
`,
  );
  tree.write(
    `${folder}/${kebab}.routes.ts`,
    `import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { ${pascal}Controller } from './${kebab}.controller.js';
import { ${camel} } from './${kebab}.schema.js';

export const ${camel}Routes: readonly Route[] = aboutThings([
  route({ ...onServer('${key}'), policy: '${policy}', body: ${camel} }, ${pascal}Controller, '${camel}'),
]);
`,
  );
  tree.write(
    `${folder}/${kebab}.module.ts`,
    `import { Module } from '@nestjs/common';
import { ServerCoreModule } from '../../core/server-core.module.js';
import { ${pascal}Controller } from './${kebab}.controller.js';

@Module({ imports: [ServerCoreModule], providers: [${pascal}Controller] })
export class ${pascal}Module {}
`,
  );
  const routes = `${ACTIONS}/server-action.routes.ts`;
  addImport(tree, routes, `import { ${camel}Routes } from './${kebab}/${kebab}.routes.js';`);
  intoList(tree, routes, 'export const serverActionRoutes: readonly Route[] = [', `...${camel}Routes`);
  const modules = 'apps/compute-api/src/server/server.module.ts';
  addImport(tree, modules, `import { ${pascal}Module } from './actions/${kebab}/${kebab}.module.js';`);
  intoList(tree, modules, 'imports: [', `${pascal}Module`);
  addRule(tree, key, policy);
}

/** Published rules are there, used or not. */
function addRule(tree, key, policy) {
  const rules = `${ACTIONS}/server-action.rules.ts`;
  if (tree.read(rules, 'utf-8').includes(`'${policy}'`)) return;
  const row = `rule('${policy}', MEMBER, 'Do \`${key}\` with a server.', 'POST /servers/{id}/action (${key})')`;
  insertBefore(tree, rules, '\n];', `\n  ${row},`);
}

const nextSteps = ({ kebab, camel }) => `
What is left, by CONTRIBUTING.md:
  - states, lock, task state: the row ${camel} of action-table.ts; notifications and failure: that of operation-table.ts
  - what the driver promises: virt-driver.port.ts, virt-driver.contract.ts, fake.driver.ts
  - body and microversions: ${ACTIONS}/${kebab}
  - a scenario: apps/compute-api/scenarios
  - npx vitest run libs/compute-objects/src/operations apps/compute-api/src/openapi --update`;
