/** Entry of the function that API Gateway asks before it lets a call through the OIDC door. */
import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { composeAuthorizer } from '../authorizer-composition.ts';
import { logger } from '../logger.ts';
import { authorizeToken } from '../use-cases/authorize-token.ts';
import { allowBehindThisDoor } from './authorizer/verdict-policy.ts';
import { withMiddleware } from './middleware.ts';

const world = composeAuthorizer();

/** API Gateway answers 401 to a failure of this very message, and 500 to any other. */
const UNAUTHORIZED = 'Unauthorized';

export const handler = withMiddleware(
  async ({ authorizationToken, methodArn }: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const verdict = await authorizeToken(world, authorizationToken);
    if (verdict.genuine) return allowBehindThisDoor(methodArn, verdict.identity);
    // NB. Why is for the log only: whoever tries out forgeries learns nothing from the answer.
    logger.info('a token was not believed', { why: verdict.disbelief });
    throw new Error(UNAUTHORIZED);
  },
);
