/** The methods behind one door: each call goes to the function that answers it. */
import { type IRestApi, LambdaIntegration, type MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { DESCRIPTION_PATH, POLICY_PATH } from '../lambda/contract/doors.ts';

export interface DoorFunctions {
  readonly api: IFunction;
  readonly policyCheck: IFunction;
}

/**
 * The policy's paths are named twice, since API Gateway looks no further than the closest resource: without a method of its
 * own, `/policy` would be answered by nobody once there is something below it.
 */
export const openMethods = (
  rest: IRestApi,
  prefix: string,
  { api, policyCheck }: DoorFunctions,
  options: MethodOptions,
): void => {
  const to = (handler: IFunction): LambdaIntegration => new LambdaIntegration(handler, { allowTestInvoke: false });
  const at = (path: string) => rest.root.resourceForPath(`${prefix}${path}`);
  at('/{proxy+}').addMethod('ANY', to(api), options);
  for (const path of [POLICY_PATH, `${POLICY_PATH}/{proxy+}`, DESCRIPTION_PATH])
    at(path).addMethod('ANY', to(policyCheck), options);
};
