import { ACTIONS, type ActionName, actionRule } from '../operations/action-table.js';
import type { OperationRule, StepRule } from '../operations/operation-rule.js';
import { OPERATIONS, type OperationName, operationRule } from '../operations/operation-table.js';
import { TASK_STATES } from '../states.js';
import { isMoving, movePart, stepMove } from './move-page.js';

const INTRO = `# Actions and operations

Generated from the tables in \`libs/compute-objects/src/operations\`; a test keeps it so. An **action** is what may be asked of a
server, and when; an **operation** is how it is carried out: its steps, each done by one agent and led by the cell's conductor.
[ADR 11](adr/0011-operations.md) tells why, [CONTRIBUTING](../CONTRIBUTING.md) how one is added.

\`\`\`
compute-api            cell database                 cell conductor                    agent
 POST …/action  ──►  1 statement: task state,
                     record, operation, message ────────────────────────────────►  ticket
                                              ◄── take_step: is it still mine? ──   message acknowledged
                     event opened, server and arguments ───────────────────────►   work (beats go on meanwhile)
                                              ◄── finish_step: facts, or fault ──
                     1 statement: server, event, next step's message or the end
                                              ◄── beat: its end was notified ────   end notified
\`\`\``;

/** Longer lists are told by what is not in them. */
const LONG = TASK_STATES.length / 2;

function states(all: ReadonlyArray<string | null> | 'any'): string {
  if (all === 'any') return 'any';
  if (all.length < LONG) return all.map((state) => state ?? 'none').join(', ');
  return `any but ${[null, ...TASK_STATES]
    .filter((state) => !all.includes(state))
    .map((state) => state ?? 'none')
    .join(', ')}`;
}

const actionRow = (name: ActionName): string => {
  const rule = actionRule(name);
  const host = { any: '', needed: 'on a host', up: 'on a host that is up' }[rule.host];
  const conditions = [host, rule.launched ? 'active once' : '', rule.lock === 'respected' ? 'not locked' : ''].filter(
    (text) => text !== '',
  );
  const carried = rule.operation === undefined ? 'the API' : `operation ${rule.operation}`;
  return `| ${name} | ${states(rule.vmStates)} | ${states(rule.taskStates)} | ${conditions.join(', ')} | ${rule.taskState ?? ''} | ${rule.recordedAs ?? ''} | ${carried} |`;
};

const FAILURE = {
  'next-alternate': 'the next alternate; none left: a build is in ERROR, any other server as it was, with the fault',
  'reset-task': 'the server is as it was, with the fault',
  error: 'ERROR, with the fault',
  'error-unless-running': 'ACTIVE where the guest runs all the same, else ERROR; with the fault',
  'roll-back': 'the way back',
};

const notified = (step: StepRule): string =>
  [
    ...step.notify.map((name) => `${name}${step.notifyOnly === undefined ? '' : `.${step.notifyOnly}`}`),
    ...(step.notifiesEndOf === undefined ? [] : [`${step.notifiesEndOf}.end`]),
    ...(step.notifiesExistence ? ['exists'] : []),
  ]
    .map((name) => `instance.${name}`)
    .join(', ');

const stepRow = (operation: OperationRule, step: StepRule): string =>
  `| \`${step.message.name}\` | ${step.at} | ${states(step.tasks)} | ${step.event} | ${notified(step)} | ${step.patience} | ${FAILURE[step.onFailure]} |${stepMove(operation, step)}`;

const CLAIM = {
  build: 'made by the scheduler before the first step, released when no host is left',
  kept: 'stays as it is',
  released: "given back before the server's row goes",
  'source-restored': 'what the migration holds goes back to the server, in place of what was claimed',
  'source-released': 'what the migration holds is given back',
  'destination-released': 'what was claimed beside it is given back',
  'size-restored': 'the server holds what its flavor takes up',
};

const ENDS: Readonly<Record<string, string>> = {
  unchanged: 'Ends in the state that it began in',
  'by-power': 'Ends in `active`, or in `stopped` where the guest is off',
};

function operationPart(name: OperationName): string {
  const operation = operationRule(name);
  const { steps, ends, claim, preempts } = operation;
  const isMove = isMoving(operation);
  return [
    `## ${name}`,
    `${ENDS[ends.vmState] ?? `Ends in \`${ends.vmState}\``}. Its claim in placement: ${CLAIM[claim]}.${preempts ? ' Takes the place of whatever is under way.' : ''}`,
    ...movePart(operation),
    [
      `| step | at | task states | event | notifications | patience | failure |${isMove ? ' claims then | then migration | migration | afterwards |' : ''}`,
      `|---|---|---|---|---|---|---|${isMove ? '---|---|---|---|' : ''}`,
      ...steps.map((step) => stepRow(operation, step)),
    ].join('\n'),
  ].join('\n\n');
}

/** The page of the documentation that tells of every action and operation. */
export const operationsPage = (): string =>
  `${[
    INTRO,
    '## Actions',
    [
      '| action | vm_state | task_state | further | task state from then on | recorded as | carried out by |',
      '|---|---|---|---|---|---|---|',
      ...(Object.keys(ACTIONS) as ActionName[]).map(actionRow),
    ].join('\n'),
    ...(Object.keys(OPERATIONS) as OperationName[]).map(operationPart),
  ].join('\n\n')}\n`;
