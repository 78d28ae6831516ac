/** Where SDK exceptions stop: a call either answers, or ends in an expected way, or becomes a ServiceFault. */
import { type FaultSource, ServiceFault } from '../ports/faults.ts';

/** The service's own name of an exception, `ThrottlingException`; names are what the SDK promises, messages are not. */
export const exceptionName = (thrown: unknown): string => {
  if (thrown instanceof ServiceFault) return thrown.code;
  return thrown instanceof Error ? thrown.name : 'UnknownError';
};

export const asFault = (source: FaultSource, thrown: unknown): ServiceFault =>
  thrown instanceof ServiceFault ? thrown : new ServiceFault(source, exceptionName(thrown), thrown);

/** @throws ServiceFault for whatever the call throws. */
export const calling = async <Output>(source: FaultSource, call: Promise<Output>): Promise<Output> => {
  try {
    return await call;
  } catch (thrown) {
    throw asFault(source, thrown);
  }
};

/** Undefined when the call throws one of the named exceptions. @throws ServiceFault for any other. */
export const callingUnless = async <Output>(
  source: FaultSource,
  absent: readonly string[],
  call: Promise<Output>,
): Promise<Output | undefined> => {
  try {
    return await call;
  } catch (thrown) {
    if (absent.includes(exceptionName(thrown))) return undefined;
    throw asFault(source, thrown);
  }
};

/** A part of an answer that must be there. @throws ServiceFault when it is missing: unknown is never a default. */
export const required = <Value>(source: FaultSource, part: string, value: Value | undefined): Value => {
  if (value !== undefined) return value;
  throw new ServiceFault(source, `Missing${part}`, undefined);
};
