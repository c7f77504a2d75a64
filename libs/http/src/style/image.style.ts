import { STATUS_CODES } from 'node:http';
import type { AppError } from '@kilonova/util';
import type { ApiReply } from '../request.js';
import type { FailedRequest } from './api-style.js';
import { PlainStyle } from './plain.style.js';
import { httpStatus, publicMessage } from './status.js';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The image API's way: errors are small pages of HTML, which its clients show as text. */
export class ImageStyle extends PlainStyle {
  override error(error: AppError, _request?: FailedRequest): ApiReply {
    const status = httpStatus(error);
    const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
    const body = `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${escaped(publicMessage(error))}<br /><br />\n\n\n\n </body>\n</html>`;
    const headers: Record<string, string> = { 'content-type': 'text/html; charset=UTF-8' };
    if (status === 401) headers['www-authenticate'] = 'Keystone';
    return { status, body, headers };
  }
}

export const imageStyle = (): ImageStyle => new ImageStyle();
