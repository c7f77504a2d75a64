import { STATUS_CODES } from 'node:http';
import type { AppError } from '@kilonova/util';
import type { ApiReply } from '../request.js';
import type { FailedRequest } from './api-style.js';
import { errorPage } from './error-page.js';
import { PlainStyle } from './plain.style.js';
import { faultHeaders, httpStatus, publicMessage } from './status.js';

/** The image API's way: errors are small pages of HTML, which its clients show as text. */
class ImageStyle extends PlainStyle {
  override error(error: AppError, _request?: FailedRequest): ApiReply {
    const status = httpStatus(error);
    const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
    const headers: Record<string, string> = { 'content-type': 'text/html; charset=UTF-8', ...faultHeaders(error, status) };
    if (status === 401) headers['www-authenticate'] = 'Keystone';
    return { status, body: errorPage(title, publicMessage(error)), headers };
  }
}

export const imageStyle = (): ImageStyle => new ImageStyle();
