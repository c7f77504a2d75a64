import { type Answers, fields } from '@kilonova/http';
import { shown, text } from '../../common/response-pieces.js';

const url = { type: 'string', format: 'uri' };
const ofOld = shown('Where it is opened.', fields({ console: fields({ type: text, url }) }));

export const remoteConsoleAnswers: Answers = {
  'POST /servers/:id/action os-getVNCConsole': ofOld,
  'POST /servers/:id/action os-getSPICEConsole': ofOld,
  'POST /servers/:id/action os-getSerialConsole': ofOld,
  'POST /servers/:id/remote-consoles': shown(
    'Where it is opened.',
    fields({ remote_console: fields({ protocol: text, type: text, url }) }),
  ),
};
