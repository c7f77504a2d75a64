import { type Answers } from '@kilonova/http';
import { never } from '../../common/response-pieces.js';

export const remoteConsoleAnswers: Answers = {
  'POST /servers/:id/action os-getVNCConsole': never,
  'POST /servers/:id/action os-getSPICEConsole': never,
  'POST /servers/:id/action os-getSerialConsole': never,
  'POST /servers/:id/remote-consoles': never,
};
