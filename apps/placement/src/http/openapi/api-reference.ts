import { type JsonSchema, type OpenApiDocument, type Operation, versionsOf } from '@kilonova/http';
import { answerTable } from './answer-table.js';

const INTRODUCTION = `# Placement API

Generated from the route table, the schemas and the policy rules of \`apps/placement/src\`; a test keeps it so. A running
placement serves the same as OpenAPI 3.1 with full schemas at \`GET /openapi.json\`, without a token. Microversions are chosen by
the header \`OpenStack-API-Version: placement 1.N\`; outside of the span of an operation its URL is not there (404).

Of answers the statuses of success and the keys are told; all of the keys are there. Spans that are told apart though they have the
same keys differ in values: in which links there are.
`;

/** The document as a page to read: what there is, since when, who may, which parameters, which keys of bodies and which answers. */
export function apiReference(document: OpenApiDocument): string {
  const sections = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => section(`${method.toUpperCase()} ${path}`, operation)),
  );
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

function section(title: string, operation: Operation): string {
  const policy = operation['x-policy'];
  const lines = [
    `## ${title}`,
    '',
    `${operation.summary} Microversions ${operation['x-microversions']}.${policy === undefined ? '' : ` Rule \`${policy}\`.`}`,
    '',
  ];
  return [...lines, ...parameterTable(operation), ...bodyTable(operation), ...answerTable(operation.responses)].join('\n');
}

function parameterTable({ parameters }: Operation): string[] {
  const rows = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, description, required }) => `| \`${name}\` | ${required ? 'yes' : 'no'} | ${cell(description ?? '')} |`);
  return rows.length === 0 ? [] : ['| parameter | required | |', '|---|---|---|', ...rows, ''];
}

function bodyTable({ requestBody }: Operation): string[] {
  if (requestBody === undefined) return [];
  const rows = versionsOf(requestBody.content).map((each) => `| ${String(each['title'])} | ${shape(each)} |`);
  return ['| microversions | body: keys (required ones in bold) |', '|---|---|', ...rows, ''];
}

/** The keys of an object, one level deep. */
function shape(schema: JsonSchema): string {
  if (schema['type'] === 'array') return 'a list';
  const required = (schema['required'] as readonly string[] | undefined) ?? [];
  const named = Object.keys((schema['properties'] as object | undefined) ?? {});
  const patterns = Object.entries((schema['patternProperties'] as Record<string, JsonSchema> | undefined) ?? {});
  const keys = named.map((key) => (required.includes(key) ? `**${key}**` : key));
  return [...keys, ...patterns.map(([pattern, inner]) => `\`${cell(pattern)}\`: { ${shape(inner)} }`)].join(', ');
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
