/** The one bundle of middleware around every handler. */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger } from '../logger.ts';

/** Puts the context into every log line and forgets it afterwards. Events are never logged: they carry texts and tokens. */
export const withMiddleware = <Event, Answer>(handle: (event: Event, context: Context) => Promise<Answer>) =>
  middy<Event, Answer, Error, Context>()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .handler(handle);
