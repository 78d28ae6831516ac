/** Entry of the policy's function: shows the one in force, and says of a proposed one what it would change; describes the API, too. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { composePolicyCheck } from '../composition.ts';
import { createApi } from './api/api.ts';
import { POLICY_HANDLERS } from './api/policy-operations.ts';
import { withMiddleware } from './middleware.ts';

const api = createApi(composePolicyCheck(), POLICY_HANDLERS);

export const handler = withMiddleware((event: APIGatewayProxyEvent) => api(event));
