/** The log of every function: structured, and apart from everything else, so that the smallest function carries no more. */
import { Logger } from '@aws-lambda-powertools/logger';

export const logger = new Logger({ serviceName: 'brevet' });
