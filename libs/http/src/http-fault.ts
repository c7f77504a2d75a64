import { AppError } from '@kilonova/util';

/** A failure that only HTTP knows: gone (410), too large (413), media type (415), method (405). */
export class HttpFault extends AppError {
  constructor(fault: {
    readonly status: number;
    readonly message: string;
    readonly code?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }) {
    super({
      kind: fault.status === 404 || fault.status === 410 ? 'not-found' : 'invalid-input',
      code: fault.code ?? `http.${fault.status}`,
      message: fault.message,
      details: { httpStatus: fault.status, ...(fault.headers?.['allow'] === undefined ? {} : { allow: fault.headers['allow'] }) },
    });
  }
}
