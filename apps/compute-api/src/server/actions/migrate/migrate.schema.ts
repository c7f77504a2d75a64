import { hostname, nothing, nullable, object, versions, wrapped } from '../../../common/schema-kit.js';

const anything = {};
const choice = nullable(object({ host: nullable(hostname) }));

export const migrate = versions(['2.1', wrapped('migrate', anything)], ['2.56', wrapped('migrate', choice)]);
