/** Entry of the API's function. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { composeApi } from '../composition.ts';
import { createApi } from './api/api.ts';
import { HANDLERS } from './api/operations.ts';
import { withMiddleware } from './middleware.ts';

const api = createApi(composeApi(), HANDLERS);

export const handler = withMiddleware((event: APIGatewayProxyEvent) => api(event));
