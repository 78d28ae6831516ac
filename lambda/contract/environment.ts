/** Names of the environment variables that connect a deployed (or local) function with the rest. */

export const ENVIRONMENT = {
  /** Name of the table that holds requests, leases and events. */
  requestTable: 'BREVET_REQUEST_TABLE',
  /** Name of the table that holds the policy; no runtime role can write it. */
  policyTable: 'BREVET_POLICY_TABLE',
  /** ARN of the state machine that runs one execution a request. */
  stateMachine: 'BREVET_STATE_MACHINE_ARN',
  /** Name of the function that converges leases. */
  convergeFunction: 'BREVET_CONVERGE_FUNCTION',
  /** Name of the function that counts everybody, for the one that looks at proposed policies alone. */
  censusFunction: 'BREVET_CENSUS_FUNCTION',
  /** ARN of the IAM Identity Center instance. */
  instanceArn: 'BREVET_INSTANCE_ARN',
  /** Id of the Identity Store, `d-…`. */
  identityStoreId: 'BREVET_IDENTITY_STORE_ID',
  /** Account that hosts Brevet (law 15). */
  hostingAccount: 'BREVET_HOSTING_ACCOUNT',
  /** Whether that account is a target: `never` or `two_approvers`. */
  hostingAccountTarget: 'BREVET_HOSTING_ACCOUNT_TARGET',
  /** Names of the groups whose members may end anything and see everything, JSON array. */
  administrators: 'BREVET_ADMINISTRATOR_GROUPS',
  /** Names of the groups whose members may see everything, JSON array. */
  auditors: 'BREVET_AUDITOR_GROUPS',
  /** Limits that differ from the defaults, JSON object. */
  limits: 'BREVET_LIMITS',
  /** What becomes of drift: `report` or `remove`. */
  drift: 'BREVET_DRIFT',
  /** Tag of the permission sets that may be elevated to, JSON object; absent where the settings name none. */
  elevatableTag: 'BREVET_ELEVATABLE_TAG',
  /** How it is asked who is on call, JSON object; absent where the settings say nothing of it. */
  onCall: 'BREVET_ON_CALL',
  /** From which address people are mailed, JSON object; for the function that tells them alone. */
  mail: 'BREVET_MAIL',
  /** ARN of the role of the only function that changes assignments: what it did is no drift. */
  convergeRole: 'BREVET_CONVERGE_ROLE_ARN',
  /** How tokens of the OIDC door are judged, JSON object; for the authorizer alone. */
  tokenRules: 'BREVET_TOKEN_RULES',
} as const;
