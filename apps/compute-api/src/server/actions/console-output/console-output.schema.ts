import { always, int, object, wrapped } from '../../../common/schema-kit.js';

export const getConsoleOutput = always(wrapped('os-getConsoleOutput', object({ length: int(-1) })));
