// The errors that the stand-in answers with, in AWS's names and words.

/** An answer that is not success. `code` is the exception's name; `details` are its further members on the wire. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: string;
  readonly status: number;
  readonly details: Readonly<Record<string, string>>;

  constructor(code: string, message: string, details: Readonly<Record<string, string>> = {}, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

// AWS's JSON services answer 400 to every fault of the caller, whatever `httpError` the SDK's schemas say: a
// ThrottlingException of sso-admin was seen with httpStatusCode 400 (aws-samples/aws-iam-identity-center-extensions#87).

export const notFound = (message: string, details?: Readonly<Record<string, string>>): ServiceError =>
  new ServiceError('ResourceNotFoundException', message, details);

export const accessDenied = (action: string, resource: string, callerArn: string): ServiceError =>
  new ServiceError(
    'AccessDeniedException',
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}`,
  );

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);

export const wireError = (error: ServiceError, namespace: string): { status: number; body: string } => ({
  status: error.status,
  body: JSON.stringify({ __type: `${namespace}#${error.code}`, Message: error.message, ...error.details }),
});
