/** One construct for every function: bundled alike, traced, with its own logs, and with its own role that may do what is passed in. */
import { fileURLToPath } from 'node:url';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { logGroup } from './log-group.ts';
import { type Permission, sendTraces, writeLogs } from './permissions.ts';

export interface AccessFunctionProps {
  /** Name of the file in `lambda/handlers`, which exports `handler`. */
  readonly handler:
    | 'api'
    | 'authorizer'
    | 'workflow'
    | 'converge'
    | 'sweep'
    | 'drift'
    | 'catalogue'
    | 'census'
    | 'policy-check'
    | 'tell';
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly logKey: IKey;
  /** For asynchronous calls: how often Lambda itself tries again, and for how long. */
  readonly asynchronous?: { readonly retryAttempts: 0 | 1 | 2; readonly maxAgeSeconds: number };
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The `yaml` package is CommonJS for Node, and requires Node's own modules; an ES module has no `require`. */
const REQUIRE_BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** How every function is bundled; the benchmarks bundle an empty one alike, to compare with. */
export const BUNDLING: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  // The SDK that we tested goes along, only the clients in use, rather than the one that the runtime has that day.
  bundleAwsSDK: true,
  minify: true,
  sourceMap: true,
  sourcesContent: false,
  banner: REQUIRE_BANNER,
  logLevel: LogLevel.WARNING,
};

export class AccessFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: AccessFunctionProps) {
    super(scope, id);
    const logs = logGroup(this, 'Logs', props.logKey);
    this.role = new Role(this, 'Role', {
      description: props.description,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    for (const permission of [writeLogs(logs), sendTraces(), ...props.permissions]) this.permit(permission);
    this.function = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: `${ROOT}lambda/handlers/${props.handler}.ts`,
      depsLockFilePath: `${ROOT}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMegabytes,
      bundling: BUNDLING,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        ...props.environment,
      },
      role: this.role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      ...(props.asynchronous && {
        retryAttempts: props.asynchronous.retryAttempts,
        maxEventAge: Duration.seconds(props.asynchronous.maxAgeSeconds),
      }),
    });
  }

  private permit({ statement, because }: Permission): void {
    this.role.addToPolicy(statement);
    for (const resource of statement.resources) {
      if (because && resource.includes('*')) {
        Validations.of(this.role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason: because });
      }
    }
  }
}
