import { type VersionedObject, versionedObject } from './object.js';

/** What an error looks like to outsiders; `exception` is the name of its class or its frozen code. */
export interface ExceptionFacts {
  readonly moduleName: string;
  readonly functionName: string;
  readonly exception: string;
  readonly message: string;
  readonly traceback: string;
}

/** ExceptionPayload 1.1. */
export const exceptionPayload = (facts: ExceptionFacts): VersionedObject =>
  versionedObject('ExceptionPayload', '1.1', {
    module_name: facts.moduleName,
    function_name: facts.functionName,
    exception: facts.exception,
    exception_message: facts.message,
    traceback: facts.traceback,
  });
