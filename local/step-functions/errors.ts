/** The errors that the stand-in answers with, in Step Functions' names and words. */
import { ServiceError } from '../stand-in/errors.ts';

export type StepFunctionsErrorCode =
  | 'ExecutionAlreadyExists'
  | 'ExecutionDoesNotExist'
  | 'InvalidExecutionInput'
  | 'InvalidName'
  | 'InvalidOutput'
  | 'InvalidToken'
  | 'ResourceNotFound'
  | 'StateMachineDoesNotExist'
  | 'TaskDoesNotExist'
  | 'TaskTimedOut'
  | 'UnknownOperationException'
  | 'ValidationException';

/** An answer that is not success. */
export class StepFunctionsError extends ServiceError {
  constructor(code: StepFunctionsErrorCode, message: string) {
    super(code, message);
  }
}
